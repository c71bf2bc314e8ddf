#include "src/query/evaluate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "src/query/parser.hpp"

using namespace tocsin;
using query::Node;
using query::Op;
using query::Pool;
using query::Program;
using query::Verdict;

namespace {

constexpr Verdict kVerdicts[] = {Verdict::kFalse, Verdict::kUnknown, Verdict::kTrue};

template <class Subject>
Verdict verdict(std::string_view text, const Subject& subject) {
  const auto program = query::parse(text, {});
  REQUIRE_MESSAGE(program.has_value(), (program ? "" : program.error().message()));
  return query::evaluate(program->nodes[0], *program->pool, subject);
}

Identity identity_of(SeriesKind kind) {
  return {kind, "web-1", "api.latency", {"eu", "prod"}, {{"env", "live"}, {"port", "80"}}};
}

// A test whose verdict of an event's identity is the one wanted: state is never known of it.
std::string with_verdict(Verdict wanted) {
  if (wanted == Verdict::kUnknown) return "state = 'ok'";
  return wanted == Verdict::kTrue ? "host = 'web-1'" : "host = 'web-2'";
}

// An event as something else that has its fields.
class EventFields final : public query::Fields {
 public:
  explicit EventFields(const Event& event) : event_(event) {}

  query::Value value(query::Field field, std::string_view name) const noexcept override {
    switch (field) {
      case query::Field::kHost:
        return query::Value::text(event_.host);
      case query::Field::kService:
        return query::Value::text(event_.service);
      case query::Field::kMetric:
        return query::Value::metric(event_.metric);
      case query::Field::kTime:
        return query::Value::seconds(event_.time.time_since_epoch());
      default:
        break;
    }
    for (const Attribute& attribute : event_.attributes) {
      if (field == query::Field::kAttribute && attribute.key == name) {
        return query::Value::text(attribute.value);
      }
    }
    return query::Value::missing();
  }
  bool has_tags() const noexcept override { return !event_.tags.empty(); }
  bool tagged(std::string_view tag) const noexcept override {
    return std::ranges::find(event_.tags, tag) != event_.tags.end();
  }

 private:
  const Event& event_;
};

// So long that '^(a+)+$' gives up on it.
const std::string kHard = std::string(64, 'a') + "b";

}  // namespace

TEST_CASE(
    "`and` is the least and `or` the greatest of three truth values, `not` turns them round") {
  const Identity identity = identity_of(SeriesKind::kEvent);
  for (const Verdict a : kVerdicts) {
    const std::string left = with_verdict(a);
    REQUIRE(verdict(left, identity) == a);
    const auto turned = static_cast<Verdict>(2 - static_cast<int>(a));
    CHECK(verdict("not " + left, identity) == turned);
    for (const Verdict b : kVerdicts) {
      const std::string right = with_verdict(b);
      CAPTURE(left);
      CAPTURE(right);
      CHECK(verdict(left + " and " + right, identity) == std::min(a, b));
      CHECK(verdict(left + " or " + right, identity) == std::max(a, b));
      CHECK(verdict("not (" + left + " and not " + right + ")", identity) == std::max(turned, b));
    }
  }
}

TEST_CASE("an event leaves nothing unknown") {
  const Event event;  // has nothing but a time
  for (const char* field :
       {"host", "service", "state", "description", "tags", "metric", "ttl", "x"}) {
    CAPTURE(field);
    CHECK(verdict(field, event) == Verdict::kFalse);
    CHECK(verdict("missing(" + std::string(field) + ")", event) == Verdict::kTrue);
  }
  CHECK(verdict("time", event) == Verdict::kTrue);  // 0, and zero is true
}

TEST_CASE("host, service, tags and its attributes are known of every identity") {
  for (const SeriesKind kind : {SeriesKind::kEvent, SeriesKind::kGauge}) {
    const Identity identity = identity_of(kind);
    for (const char* text :
         {"host = 'web-1'", "service =~ 'api.%'", "service ~= 'lat'", "tagged 'eu'", "tags",
          "env = 'live'", "port > 79", "port in (80, 443)"}) {
      CAPTURE(text);
      CHECK(verdict(text, identity) == Verdict::kTrue);
    }
    for (const char* text : {"host = 'web-2'", "tagged 'us'", "missing(tags)", "env = 'test'"}) {
      CAPTURE(text);
      CHECK(verdict(text, identity) == Verdict::kFalse);
    }
  }
}

TEST_CASE("what changes from event to event is unknown of every identity") {
  for (const SeriesKind kind : {SeriesKind::kEvent, SeriesKind::kGauge}) {
    const Identity identity = identity_of(kind);
    for (const char* text : {"state = 'ok'", "missing(state)", "metric", "metric > 3", "time > 0",
                             "ttl in (1, 2)", "description =~ '%'", "description ~= 'x'"}) {
      CAPTURE(text);
      CHECK(verdict(text, identity) == Verdict::kUnknown);
    }
  }
}

TEST_CASE(
    "an attribute that an identity does not name is missing of a metric, unknown of an event") {
  const Identity gauge = identity_of(SeriesKind::kGauge);
  const Identity event = identity_of(SeriesKind::kEvent);
  CHECK(verdict("missing(status)", gauge) == Verdict::kTrue);
  CHECK(verdict("status = 'x'", gauge) == Verdict::kFalse);
  CHECK(verdict("missing(status)", event) == Verdict::kUnknown);
  CHECK(verdict("status = 'x'", event) == Verdict::kUnknown);
  CHECK(verdict("metric_type = 'gauge'", gauge) == Verdict::kTrue);
  CHECK(verdict("metric_type = 'counter'", gauge) == Verdict::kFalse);
  CHECK(verdict("metric_type = 'gauge'", event) == Verdict::kUnknown);
}

TEST_CASE("two fields compare when both are known, or when one is missing and order is asked for") {
  const Identity gauge = identity_of(SeriesKind::kGauge);
  CHECK(verdict("host != service", gauge) == Verdict::kTrue);
  CHECK(verdict("env < port", gauge) == Verdict::kFalse);
  CHECK(verdict("metric > port", gauge) == Verdict::kUnknown);
  CHECK(verdict("metric > limit", gauge) == Verdict::kFalse);  // there is no limit
  CHECK(verdict("limit >= metric", gauge) == Verdict::kFalse);
  CHECK(verdict("metric != limit", gauge) == Verdict::kUnknown);
  CHECK(verdict("limit = other", gauge) == Verdict::kTrue);  // both missing
  CHECK(verdict("metric > limit", identity_of(SeriesKind::kEvent)) == Verdict::kUnknown);
}

TEST_CASE("a search that gives up is unknown, of an event and of an identity") {
  Event event;
  event.service = kHard;
  Identity identity = identity_of(SeriesKind::kGauge);
  identity.service = kHard;
  CHECK(verdict("service ~= '^(a+)+$'", event) == Verdict::kUnknown);
  CHECK(verdict("not service ~= '^(a+)+$'", event) == Verdict::kUnknown);
  CHECK(verdict("service ~= '^(a+)+$'", identity) == Verdict::kUnknown);
  CHECK(verdict("service ~= '^(a+)+$' or tags", identity) == Verdict::kTrue);
}

TEST_CASE("a search runs only while the verdict is open") {
  Event event;
  event.host = "web-1";
  event.service = kHard;
  const auto program = query::parse("host = 'web-2' and service ~= '^(a+)+$'", {});
  REQUIRE(program.has_value());
  CHECK(query::evaluate(program->nodes[0], *program->pool, event) == Verdict::kFalse);
  CHECK(query::give_ups_of(*program) == 0);
}

TEST_CASE("a pattern and a search want a text, and digits of an attribute are one") {
  Event event;
  event.attributes = {{"status", "503"}};
  CHECK(verdict("status =~ '5%'", event) == Verdict::kTrue);
  CHECK(verdict("status ~= '^5'", event) == Verdict::kTrue);
  CHECK(verdict("nowhere =~ '%' or nowhere ~= ''", event) == Verdict::kFalse);
}

TEST_CASE("times compare as whole seconds exactly, and by their fraction") {
  Event event;
  event.time = TimePoint(std::chrono::seconds(1'700'000'000));
  event.ttl = std::chrono::milliseconds(1500);
  CHECK(verdict("time = 1700000000", event) == Verdict::kTrue);
  CHECK(verdict("ttl = 1.5", event) == Verdict::kTrue);
  CHECK(verdict("ttl > 1 and ttl < 2", event) == Verdict::kTrue);
  event.ttl = std::chrono::seconds(0);
  CHECK(verdict("ttl = 0 and not missing(ttl)", event) == Verdict::kTrue);
}

TEST_CASE("any subtree may be asked by itself") {
  const auto program = query::parse("host = 'a' and (host = 'b' or not host = 'c')", {});
  REQUIRE(program.has_value());
  const auto at = std::ranges::find(program->nodes, Op::kOr, &Node::op);
  REQUIRE(at != program->nodes.end());
  Event event;
  event.host = "b";
  CHECK(query::evaluate(program->nodes[0], *program->pool, event) == Verdict::kFalse);
  CHECK(query::evaluate(*at, *program->pool, event) == Verdict::kTrue);
  event.host = "c";
  CHECK(query::evaluate(*at, *program->pool, event) == Verdict::kFalse);
}

TEST_CASE("what merely has an event's fields is asked as the event is") {
  Event event;
  event.host = "web-1";
  event.service = "api";
  event.metric = 2.5;
  event.time = TimePoint(std::chrono::seconds(60));
  event.tags = {"eu", "prod"};
  event.attributes = {{"port", "80"}, {"status", "503"}};
  for (const Event& asked : {event, Event()}) {
    for (const char* text :
         {"host = 'web-1'", "service =~ 'a%'", "metric > 2", "time = 60", "tagged 'eu'",
          "tagged 'us'", "tags", "missing(tags)", "status >= 500 and port < 100", "port > status",
          "missing(path)", "not (status in (200, 503))", "ttl"}) {
      CAPTURE(text);
      CHECK(verdict(text, EventFields(asked)) == verdict(text, asked));
    }
  }
}
