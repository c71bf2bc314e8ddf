#include "src/rules/parse/grok_operation.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "src/rules/grok/captures.hpp"
#include "src/rules/grok/coercion.hpp"
#include "src/rules/grok/explain/candidates.hpp"
#include "src/rules/grok/subject.hpp"

namespace tocsin::rules::parse {
namespace {

// Where a capture goes.
struct Target {
  FieldName field;
  bool overwrite;
};

struct FieldMatcher {
  FieldName field;
  grok::Matcher matcher;
  std::vector<Target> targets;  // by the matcher's fields
  std::size_t first_pattern;    // of the matcher's, among those of all fields
  grok::explain::Candidates candidates;
};

struct GrokMemory final : Operation::Memory {
  grok::Subject subject;
  grok::Captures captures;
  // Of the record at hand: why it failed, if not for want of a match.
  std::size_t gave_up = grok::Matcher::kNone;  // the pattern
  const FieldName* refused = nullptr;          // the field that could not hold its capture
};

Value value_of(const grok::CapturedValue& captured, TextArena& arena) {
  if (const auto* text = std::get_if<std::string_view>(&captured)) return Value::text(*text);
  if (const auto* integer = std::get_if<std::int64_t>(&captured)) return Value::integer(*integer);
  if (const auto* real = std::get_if<double>(&captured)) return Value::real(*real);
  if (const auto* big = std::get_if<grok::BigDigits>(&captured)) {
    return Value::text(arena.copy(grok::big_integer(big->text).digits));
  }
  return {};
}

class Grok final : public Operation {
 public:
  Grok(GrokOptions options, std::vector<FieldMatcher> fields)
      : options_(std::move(options)), fields_(std::move(fields)) {}

  std::unique_ptr<Memory> make_memory() const override {
    auto memory = std::make_unique<GrokMemory>();
    memory->pattern_matches.resize(patterns().size());
    return memory;
  }

  Outcome apply(Record& record, Memory* memory) const override {
    auto& own = static_cast<GrokMemory&>(*memory);
    own.gave_up = grok::Matcher::kNone;
    own.refused = nullptr;
    grok::Effort left = options_.matching.effort;
    bool matched = false;
    for (const FieldMatcher& field : fields_) {
      const Outcome outcome = try_field(field, record, own, left);
      if (outcome == Outcome::kGaveUp) return outcome;
      matched = matched || outcome == Outcome::kDone;
      if (matched && options_.matching.break_on_match) break;
    }
    return matched ? Outcome::kDone : Outcome::kFailed;
  }

  std::vector<std::string> patterns() const override {
    std::vector<std::string> all;
    for (const GrokField& field : options_.match) {
      for (const grok::PlacedText& expression : field.expressions) all.push_back(expression.text);
    }
    return all;
  }

  std::string explain(const Record& record, const Memory* memory) const override {
    const auto& own = static_cast<const GrokMemory&>(*memory);
    if (own.gave_up != grok::Matcher::kNone) {
      return "pattern " + std::to_string(own.gave_up + 1) +
             " reached its limit of effort (timeout_millis)";
    }
    if (own.refused != nullptr) {
      return "the field " + own.refused->text() + " cannot hold what was captured for it";
    }
    std::string text;
    for (const FieldMatcher& field : fields_) {
      if (!text.empty()) text += "; ";
      if (fields_.size() > 1) text += field.field.text() + ": ";
      text += explain(field, record);
    }
    return text;
  }

 private:
  // Of a list, for its first element.
  static std::string explain(const FieldMatcher& field, const Record& record) {
    const Value value = record.find(field.field);
    if (value.is_none()) return "there is no field " + field.field.text();
    if (value.elements().empty()) return "the list " + field.field.text() + " is empty";
    const grok::Subject subject(as_text(value.elements().front(), record.arena()));
    return field.candidates.explain(subject);
  }

  Outcome try_field(const FieldMatcher& field, Record& record, GrokMemory& memory,
                    grok::Effort& left) const {
    const Value value = record.find(field.field);
    if (value.is_none()) return try_text(field, {}, record, memory, left);
    bool matched = false;
    for (const Value& element : value.elements()) {
      const std::string_view text = as_text(element, record.arena());
      const Outcome outcome = try_text(field, text, record, memory, left);
      if (outcome == Outcome::kGaveUp) return outcome;
      matched = matched || outcome == Outcome::kDone;
    }
    return matched ? Outcome::kDone : Outcome::kFailed;
  }

  Outcome try_text(const FieldMatcher& field, std::string_view text, Record& record,
                   GrokMemory& memory, grok::Effort& left) const {
    memory.subject.view(text);
    // What had to be repaired must live as long as the event too.
    if (memory.subject.text().data() != text.data()) {
      memory.subject.view(record.arena().copy(memory.subject.text()));
    }
    const grok::Matcher::Found found =
        options_.effort_is_of_event ? field.matcher.match(memory.subject, memory.captures, left)
                                    : field.matcher.match(memory.subject, memory.captures);
    bool stored = true;
    for (const grok::Captured& captured : memory.captures) {
      const Value value = value_of(captured.value, record.arena());
      const Target& target = field.targets[captured.field];
      if (store(target, value, record)) continue;
      memory.refused = &target.field;
      stored = false;
    }
    switch (found.outcome) {
      case grok::Matcher::Outcome::kMatch:
        ++memory.pattern_matches[field.first_pattern + found.expression];
        return stored ? Outcome::kDone : Outcome::kFailed;
      case grok::Matcher::Outcome::kGaveUp:
        memory.gave_up = field.first_pattern + found.expression;
        return Outcome::kGaveUp;
      case grok::Matcher::Outcome::kNoMatch:
        break;
    }
    return Outcome::kFailed;
  }

  static bool store(const Target& target, Value value, Record& record) {
    if (value.is_none() && record.has(target.field)) return true;
    return target.overwrite ? record.set(target.field, value) : record.store(target.field, value);
  }

  GrokOptions options_;
  std::vector<FieldMatcher> fields_;
};

}  // namespace

Result<OperationPtr> make_grok(GrokOptions options, const grok::PatternLibrary& library) {
  std::vector<FieldMatcher> fields;
  std::size_t patterns = 0;
  for (const GrokField& match : options.match) {
    auto matcher = grok::Matcher::compile(match.expressions, library, options.matching);
    if (!matcher) return matcher.error();
    auto candidates = grok::explain::Candidates::make(match.expressions, library, options.matching);
    if (!candidates) return candidates.error();
    std::vector<Target> targets;
    for (const grok::Matcher::Field& field : matcher->fields()) {
      std::string name = FieldName::parse(field.spelling).text();
      if (!options.target.empty()) name = FieldName::parse(options.target).text() + "." + name;
      targets.push_back(
          {FieldName::parse(name),
           std::ranges::find(options.overwrite, field.spelling) != options.overwrite.end()});
    }
    fields.push_back(
        {match.field, *std::move(matcher), std::move(targets), patterns, *std::move(candidates)});
    patterns += match.expressions.size();
  }
  return OperationPtr(std::make_unique<Grok>(std::move(options), std::move(fields)));
}

}  // namespace tocsin::rules::parse
