#include "src/query/evaluate.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tocsin::query {
namespace {

constexpr std::string_view kMetricType = "metric_type";

Verdict verdict_of(bool truth) noexcept {
  return truth ? Verdict::kTrue : Verdict::kFalse;
}

Verdict negated(Verdict verdict) noexcept {
  return static_cast<Verdict>(static_cast<int>(Verdict::kTrue) - static_cast<int>(verdict));
}

const std::string* find_attribute(const std::vector<Attribute>& attributes,
                                  std::string_view key) noexcept {
  const auto at = std::ranges::lower_bound(attributes, key, std::less<>{}, &Attribute::key);
  return at != attributes.end() && at->key == key ? &at->value : nullptr;
}

bool is_tagged(const std::vector<std::string>& tags, std::string_view tag) noexcept {
  return std::ranges::binary_search(tags, tag, std::less<>{});
}

// The things that a predicate can be asked about. value() is not for kTags.

class EventSource {
 public:
  explicit EventSource(const Event& event) noexcept : event_(event) {}

  [[nodiscard]] bool has_tags() const noexcept { return !event_.tags.empty(); }
  [[nodiscard]] bool tagged(std::string_view tag) const noexcept {
    return is_tagged(event_.tags, tag);
  }

  [[nodiscard]] Value value(Field field, const std::string* name) const noexcept {
    switch (field) {
      case Field::kHost:
        return Value::text(event_.host);
      case Field::kService:
        return Value::text(event_.service);
      case Field::kState:
        return Value::text(event_.state);
      case Field::kDescription:
        return Value::text(event_.description);
      case Field::kMetric:
        return Value::metric(event_.metric);
      case Field::kTime:
        return Value::seconds(event_.time.time_since_epoch());
      case Field::kTtl:
        return event_.ttl ? Value::seconds(*event_.ttl) : Value::missing();
      case Field::kAttribute:
        if (const std::string* text = find_attribute(event_.attributes, *name)) {
          return Value::text(*text);
        }
        break;
      case Field::kTags:
        break;
    }
    return Value::missing();
  }

 private:
  const Event& event_;
};

class IdentitySource {
 public:
  explicit IdentitySource(const Identity& identity) noexcept : identity_(identity) {}

  [[nodiscard]] bool has_tags() const noexcept { return !identity_.tags.empty(); }
  [[nodiscard]] bool tagged(std::string_view tag) const noexcept {
    return is_tagged(identity_.tags, tag);
  }

  [[nodiscard]] Value value(Field field, const std::string* name) const noexcept {
    if (field == Field::kHost) return Value::text(identity_.host);
    if (field == Field::kService) return Value::text(identity_.service);
    if (field != Field::kAttribute) return Value::unknown();
    const bool closed = identity_.kind != SeriesKind::kEvent;
    if (closed && *name == kMetricType) return Value::text(to_string(identity_.kind));
    if (const std::string* text = find_attribute(identity_.attributes, *name)) {
      return Value::text(*text);
    }
    return closed ? Value::missing() : Value::unknown();
  }

 private:
  const Identity& identity_;
};

class FieldsSource {
 public:
  explicit FieldsSource(const Fields& fields) noexcept : fields_(fields) {}

  [[nodiscard]] bool has_tags() const noexcept { return fields_.has_tags(); }
  [[nodiscard]] bool tagged(std::string_view tag) const noexcept { return fields_.tagged(tag); }
  [[nodiscard]] Value value(Field field, const std::string* name) const noexcept {
    return fields_.value(field, name == nullptr ? std::string_view() : std::string_view(*name));
  }

 private:
  const Fields& fields_;
};

Verdict search(const Regex& regex, std::string_view text) noexcept {
  switch (regex.search(text)) {
    case Regex::Outcome::kMatch:
      return Verdict::kTrue;
    case Regex::Outcome::kNoMatch:
      return Verdict::kFalse;
    case Regex::Outcome::kGaveUp:
      break;
  }
  return Verdict::kUnknown;
}

template <class Source>
class Evaluation {
 public:
  Evaluation(const Pool& pool, const Source& source) noexcept : pool_(pool), source_(source) {}

  // Recursion is bounded by the depth that the parser allows.
  [[nodiscard]] Verdict run(const Node& node) const noexcept {
    switch (node.op) {
      case Op::kConstant:
        return verdict_of(node.operand != 0);
      case Op::kAnd:
        return join(node, Verdict::kTrue, Verdict::kFalse);
      case Op::kOr:
        return join(node, Verdict::kFalse, Verdict::kTrue);
      case Op::kNot:
        return negated(run((&node)[1]));
      case Op::kTagged:
        return verdict_of(source_.tagged(std::get<std::string>(pool_.literals[node.operand])));
      default:
        return node.field == Field::kTags ? test_tags(node) : test_field(node);
    }
  }

 private:
  // Invariant of the loop: `joined` is the verdict of the children seen so far, none of which was
  // `deciding`.
  [[nodiscard]] Verdict join(const Node& node, Verdict joined, Verdict deciding) const noexcept {
    const Node* const end = &node + node.size;
    for (const Node* child = &node + 1; child != end; child += child->size) {
      const Verdict verdict = run(*child);
      if (verdict == deciding) return deciding;
      if (verdict == Verdict::kUnknown) joined = Verdict::kUnknown;
    }
    return joined;
  }

  // All that the parser lets through for `tags`: whether there are any.
  [[nodiscard]] Verdict test_tags(const Node& node) const noexcept {
    return verdict_of(source_.has_tags() != (node.op == Op::kMissing));
  }

  [[nodiscard]] Verdict test_field(const Node& node) const noexcept {
    const Value value = load(node.field, node.name);
    if (node.op == Op::kCompareFields) return compare_fields(node, value);
    if (value.is_unknown()) return Verdict::kUnknown;
    switch (node.op) {
      case Op::kTruthy:
        return verdict_of(truthy(value));
      case Op::kMissing:
        return verdict_of(value.is_missing());
      case Op::kCompare:
        return verdict_of(holds(value, node.relation, Value::of(pool_.literals[node.operand])));
      case Op::kIn:
        return verdict_of(std::ranges::any_of(
            pool_.lists[node.operand],
            [&value](const Literal& literal) { return equal(value, Value::of(literal)); }));
      case Op::kLike:
        return verdict_of(value.is_text() && pool_.likes[node.operand].matches(value.as_text()));
      case Op::kRegex:
        return value.is_text() ? search(pool_.regexes[node.operand], value.as_text())
                               : Verdict::kFalse;
      default:
        return Verdict::kFalse;
    }
  }

  [[nodiscard]] Verdict compare_fields(const Node& node, const Value& left) const noexcept {
    const Value right = load(node.other_field, node.operand);
    // Nothing orders before or after what is missing, whatever the other side turns out to be.
    if (is_order(node.relation) && (left.is_missing() || right.is_missing())) {
      return Verdict::kFalse;
    }
    if (left.is_unknown() || right.is_unknown()) return Verdict::kUnknown;
    return verdict_of(holds(left, node.relation, right));
  }

  [[nodiscard]] Value load(Field field, std::uint32_t name) const noexcept {
    return source_.value(field, field == Field::kAttribute ? &pool_.names[name] : nullptr);
  }

  const Pool& pool_;
  const Source& source_;
};

}  // namespace

Verdict evaluate(const Node& node, const Pool& pool, const Event& event) noexcept {
  const EventSource source(event);
  return Evaluation(pool, source).run(node);
}

Verdict evaluate(const Node& node, const Pool& pool, const Fields& fields) noexcept {
  const FieldsSource source(fields);
  return Evaluation(pool, source).run(node);
}

Verdict evaluate(const Node& node, const Pool& pool, const Identity& identity) noexcept {
  const IdentitySource source(identity);
  return Evaluation(pool, source).run(node);
}

}  // namespace tocsin::query
