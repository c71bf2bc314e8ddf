#include "tests/unit/query/random_predicate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tocsin::query::testing {
namespace {

using Truth = std::function<bool(const Event&)>;

std::size_t below(Random& random, std::size_t bound) {
  return random() % bound;
}

template <class T>
T one_of(Random& random, std::initializer_list<T> choices) {
  return choices.begin()[below(random, choices.size())];
}

// long double holds every int64 and every double exactly on the machines that we test on.
struct Naive {
  std::optional<std::string> text;
  std::optional<long double> number;  // when it is one, not when its text spells one
  bool quoted = false;

  [[nodiscard]] bool missing() const { return !text && !number; }

  [[nodiscard]] std::optional<long double> reading() const {
    if (number || !text) return number;
    if (text->find_first_not_of("0123456789+-.eE") != std::string::npos) return std::nullopt;
    char* end = nullptr;
    const long double read = std::strtold(text->c_str(), &end);
    if (end != text->c_str() + text->size()) return std::nullopt;
    return std::isdigit(static_cast<unsigned char>(text->back())) != 0 ? std::optional(read)
                                                                       : std::nullopt;
  }
};

Naive text_of(const std::string& text) {
  return text.empty() ? Naive{} : Naive{text, {}, false};
}

Naive field_of(const Event& event, const std::string& name) {
  if (name == "host") return text_of(event.host);
  if (name == "service") return text_of(event.service);
  if (name == "state") return text_of(event.state);
  if (name == "description") return text_of(event.description);
  if (name == "time") {
    return {{}, static_cast<long double>(event.time.time_since_epoch().count()) / 1e9L, false};
  }
  if (name == "ttl") {
    if (!event.ttl) return {};
    return {{}, static_cast<long double>(event.ttl->count()) / 1e9L, false};
  }
  if (name == "metric") {
    if (const auto* i = std::get_if<std::int64_t>(&event.metric)) return {{}, *i, false};
    if (const auto* d = std::get_if<double>(&event.metric)) return {{}, *d, false};
    return {};
  }
  for (const Attribute& attribute : event.attributes) {
    if (attribute.key == name) return text_of(attribute.value);
  }
  return {};
}

bool naive_equal(const Naive& a, const Naive& b) {
  if (a.missing() || b.missing()) return a.missing() && b.missing();
  if (a.text && b.text) return *a.text == *b.text;
  const auto x = a.reading();
  const auto y = b.reading();
  return x && y && *x == *y;
}

bool naive_less(const Naive& a, const Naive& b, bool or_equal) {
  if (a.missing() || b.missing()) return false;
  const auto x = a.reading();
  const auto y = b.reading();
  const bool by_bytes = a.text && b.text && (a.quoted || b.quoted || !x || !y);
  if (by_bytes) return or_equal ? *a.text <= *b.text : *a.text < *b.text;
  if (!x || !y) return false;
  return or_equal ? *x <= *y : *x < *y;
}

bool naive_relation(const Naive& a, const std::string& relation, const Naive& b) {
  if (relation == "=") return naive_equal(a, b);
  if (relation == "!=") return !naive_equal(a, b);
  if (relation == "<") return naive_less(a, b, false);
  if (relation == "<=") return naive_less(a, b, true);
  if (relation == ">") return naive_less(b, a, false);
  return naive_less(b, a, true);
}

bool naive_like(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] != '%') {
    return !text.empty() && text[0] == pattern[0] && naive_like(text.substr(1), pattern.substr(1));
  }
  for (std::size_t skip = 0; skip <= text.size(); ++skip) {
    if (naive_like(text.substr(skip), pattern.substr(1))) return true;
  }
  return false;
}

std::string text_field(Random& random) {
  return one_of<const char*>(random, {"host", "service", "service", "state", "description", "env",
                                      "status", "limit", "metric_type"});
}

std::string any_field(Random& random) {
  return one_of<std::string>(
      random, {text_field(random), text_field(random), "metric", "metric", "time", "ttl"});
}

std::string some_text(Random& random) {
  return one_of<const char*>(random, {"web-1", "web-2", "api.latency", "api.errors", "5", "500",
                                      "5e2", "9", "10", "prod", "ok", "gauge", "true"});
}

struct NaiveLiteral {
  std::string text;
  Naive value;
};

NaiveLiteral some_literal(Random& random) {
  if (below(random, 2) == 0) {
    const std::string text = some_text(random);
    return {'"' + text + '"', {text, {}, true}};
  }
  return one_of<NaiveLiteral>(
      random, {{"5", {{}, 5.0L, false}},
               {"5.0", {{}, 5.0L, false}},
               {"500", {{}, 500.0L, false}},
               {"-1.5", {{}, -1.5L, false}},
               {"9.5", {{}, 9.5L, false}},
               {"9007199254740993", {{}, 9007199254740993.0L, false}},
               {"9007199254740992.0", {{}, 9007199254740992.0L, false}},
               {"9223372036854775807", {{}, 9223372036854775807.0L, false}},
               {"9.223372036854775807e18", {{}, 9223372036854775808.0L, false}},
               {"Infinity", {{}, std::numeric_limits<long double>::infinity(), false}},
               {"NaN", {{}, std::numeric_limits<long double>::quiet_NaN(), false}}});
}

std::string blank(Random& random) {
  return one_of<const char*>(random, {"", " "});
}

RandomPredicate comparison(Random& random) {
  const std::string field = any_field(random);
  const std::string relation = one_of<const char*>(random, {"=", "=", "!=", "<", "<=", ">", ">="});
  const std::string sign = blank(random) + relation + blank(random);
  if (below(random, 4) == 0) {
    const std::string other = any_field(random);
    return {field + sign + other, [=](const Event& event) {
              return naive_relation(field_of(event, field), relation, field_of(event, other));
            }};
  }
  const NaiveLiteral literal = some_literal(random);
  if (below(random, 4) == 0) {
    return {literal.text + sign + field, [=](const Event& event) {
              return naive_relation(literal.value, relation, field_of(event, field));
            }};
  }
  return {field + sign + literal.text, [=](const Event& event) {
            return naive_relation(field_of(event, field), relation, literal.value);
          }};
}

RandomPredicate membership(Random& random) {
  const std::string field = any_field(random);
  const bool negated = below(random, 3) == 0;
  std::vector<Naive> items;
  std::string list;
  for (std::size_t count = 1 + below(random, 3); count > 0; --count) {
    NaiveLiteral literal = some_literal(random);
    if (below(random, 8) == 0) literal = {"nil", {}};
    list += (list.empty() ? "" : ", ") + literal.text;
    items.push_back(literal.value);
  }
  return {field + (negated ? " not in (" : " in (") + list + ')', [=](const Event& event) {
            const Naive value = field_of(event, field);
            const bool found = std::any_of(items.begin(), items.end(), [&](const Naive& item) {
              return naive_equal(value, item);
            });
            return found != negated;
          }};
}

RandomPredicate pattern(Random& random) {
  const std::string field = text_field(random);
  const std::string like =
      one_of<const char*>(random, {"web-%", "%1", "api.%", "api.%s", "%", "%e%r%", "5%", "web-1"});
  if (below(random, 3) > 0) {
    return {field + " =~ \"" + like + '"', [=](const Event& event) {
              const Naive value = field_of(event, field);
              return value.text && naive_like(*value.text, like);
            }};
  }
  return {field + " ~= '(pi|eb).[0-9el]'", [=](const Event& event) {
            const std::string text = field_of(event, field).text.value_or("");
            for (std::size_t at = 0; at + 4 <= text.size(); ++at) {
              const std::string start = text.substr(at, 2);
              if ((start == "pi" || start == "eb") &&
                  std::string_view("0123456789el").find(text[at + 3]) != std::string_view::npos) {
                return true;
              }
            }
            return false;
          }};
}

RandomPredicate presence(Random& random) {
  const std::string field = any_field(random);
  const Truth missing = [=](const Event& event) { return field_of(event, field).missing(); };
  const Truth present = [=](const Event& event) { return !field_of(event, field).missing(); };
  switch (below(random, 4)) {
    case 0:
      return {"missing(" + field + ')', missing};
    case 1:
      return {field + " = nil", missing};
    case 2:
      return {field + " != null", present};
    default:  // no text in the vocabulary says "false"
      return {field, present};
  }
}

RandomPredicate leaf(Random& random) {
  switch (below(random, 8)) {
    case 0: {
      const std::string tag = one_of<const char*>(random, {"prod", "eu", "canary"});
      return {"tagged \"" + tag + '"', [=](const Event& event) {
                return std::find(event.tags.begin(), event.tags.end(), tag) != event.tags.end();
              }};
    }
    case 1:
      return membership(random);
    case 2:
    case 3:
      return pattern(random);
    case 4:
      return presence(random);
    case 5: {
      const bool constant = below(random, 2) == 0;
      return {constant ? "true" : "false", [=](const Event&) { return constant; }};
    }
    default:
      return comparison(random);
  }
}

}  // namespace

RandomPredicate random_predicate(Random& random, int depth) {
  if (depth == 0) return leaf(random);
  const std::size_t shape = below(random, 5);
  if (shape == 0) return leaf(random);
  const RandomPredicate a = random_predicate(random, depth - 1);
  if (shape == 1) {
    return {"not (" + a.text + ')', [=](const Event& event) { return !a.truth(event); }};
  }
  const RandomPredicate b = random_predicate(random, depth - 1);
  if (shape == 2) {
    return {'(' + a.text + ") and (" + b.text + ')',
            [=](const Event& event) { return a.truth(event) && b.truth(event); }};
  }
  const RandomPredicate c = leaf(random);
  if (shape == 3) {  // without parentheses: `and` binds first
    const RandomPredicate d = leaf(random);
    return {c.text + " or " + d.text + " and not " + c.text, [=](const Event& event) {
              return c.truth(event) || (d.truth(event) && !c.truth(event));
            }};
  }
  return {'(' + a.text + ") or " + c.text + " or (" + b.text + ')',
          [=](const Event& event) { return a.truth(event) || c.truth(event) || b.truth(event); }};
}

Identity random_identity(Random& random) {
  Identity identity;
  identity.kind = one_of(random, {SeriesKind::kEvent, SeriesKind::kGauge, SeriesKind::kCounter});
  identity.host = one_of<const char*>(random, {"", "web-1", "web-2", "500"});
  identity.service = one_of<const char*>(random, {"", "api.latency", "api.errors", "5"});
  for (const char* tag : {"canary", "eu", "prod"}) {
    if (below(random, 2) == 0) identity.tags.emplace_back(tag);
  }
  for (const char* key : {"env", "limit"}) {
    if (below(random, 2) == 0) identity.attributes.push_back({key, some_text(random)});
  }
  return identity;
}

Event random_event_of(const Identity& identity, Random& random) {
  Event event;
  event.host = identity.host;
  event.service = identity.service;
  event.tags = identity.tags;
  event.attributes = identity.attributes;
  if (identity.kind != SeriesKind::kEvent) {
    event.attributes.push_back({"metric_type", std::string(to_string(identity.kind))});
  } else {
    for (const char* key : {"env", "limit", "metric_type", "status"}) {
      const bool taken = std::any_of(event.attributes.begin(), event.attributes.end(),
                                     [key](const Attribute& each) { return each.key == key; });
      if (!taken && below(random, 2) == 0) {
        event.attributes.push_back({key, below(random, 6) == 0 ? "" : some_text(random)});
      }
    }
  }
  std::sort(event.attributes.begin(), event.attributes.end());
  event.state = one_of<const char*>(random, {"", "ok", "5"});
  event.description = one_of<const char*>(random, {"", "api.errors on web-1", "10"});
  event.time = TimePoint(std::chrono::milliseconds(one_of(random, {0, 5000, 9500, 500000})));
  if (below(random, 2) == 0) event.ttl = std::chrono::milliseconds(one_of(random, {5000, 9500}));
  event.metric = one_of<Metric>(
      random, {Metric(), Metric(std::int64_t{5}), Metric(5.0), Metric(std::int64_t{500}),
               Metric(-1.5), Metric(std::int64_t{9007199254740993}), Metric(9007199254740992.0),
               Metric(std::numeric_limits<std::int64_t>::max()), Metric(9223372036854775808.0),
               Metric(std::numeric_limits<double>::infinity()),
               Metric(std::numeric_limits<double>::quiet_NaN())});
  return event;
}

}  // namespace tocsin::query::testing
