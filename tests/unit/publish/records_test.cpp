#include "src/publish/records.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <string>

#include "src/event/msgpack_io.hpp"

using namespace tocsin;
using namespace tocsin::publish;

namespace {

const Identity kIdentity{SeriesKind::kTimer, "app-1", "checkout.latency", {"prod"}, {{"env", "p"}}};
const event::Hash128 kId{2, 1};
constexpr TimePoint kTime{std::chrono::milliseconds(1'763'737'831'250)};

// MessagePack as text in the manner of JSON, for comparing at a glance.
std::string shown(event::Cursor& cursor) {
  const event::Token& token = cursor.next();
  switch (token.kind) {
    case event::TokenKind::kNil:
      return "nil";
    case event::TokenKind::kBoolean:
      return token.integer != 0 ? "true" : "false";
    case event::TokenKind::kInteger:
      return std::to_string(token.integer);
    case event::TokenKind::kReal:
      return std::to_string(token.real);
    case event::TokenKind::kText:
      return '"' + std::string(token.text) + '"';
    case event::TokenKind::kOther:
      return "?";
    case event::TokenKind::kArray:
    case event::TokenKind::kMap:
      break;
  }
  const bool map = token.kind == event::TokenKind::kMap;
  std::string out = map ? "{" : "[";
  for (std::uint32_t i = 0; i < token.entries; ++i) {
    if (i > 0) out += ", ";
    if (map) out += shown(cursor) + ": ";
    out += shown(cursor);
  }
  return out + (map ? "}" : "]");
}

std::string shown(const Record& record) {
  const auto tokens = event::unpack(record.value, {});
  REQUIRE(tokens.has_value());
  event::Cursor cursor(*tokens);
  return shown(cursor);
}

}  // namespace

TEST_CASE("a series value has the documented key, ttl and shape") {
  const std::array<Statistic, 2> statistics = {{{"count", 3}, {"p95", 0.25}}};
  const Record record =
      RecordEncoder().series({kId, &kIdentity, kTime, std::chrono::seconds(10), statistics});
  CHECK(record.key == "tocsin:series:00000000000000010000000000000002");
  CHECK(record.ttl == std::chrono::hours(1));
  CHECK_FALSE(record.urgent);
  CHECK(shown(record) ==
        R"({"service": "checkout.latency", "host": "app-1", "kind": "timer", "tags": ["prod"], )"
        R"("attributes": {"env": "p"}, "time_ms": 1763737831250, "interval_s": 10.000000, )"
        R"("stats": {"count": 3.000000, "p95": 0.250000}})");
}

TEST_CASE("a verdict has the documented key and shape, and unknown bounds are nil") {
  const std::array<DetectorVote, 3> votes = {{{"grubbs", true}, {"ks", false}, {"none", {}}}};
  const Record record = RecordEncoder("x:").verdict(
      {kId, &kIdentity, kTime, true, 9.5, 1.0, {}, votes, "too high", "noise by ann"});
  CHECK(record.key == "x:verdict:00000000000000010000000000000002");
  CHECK(shown(record) ==
        R"({"service": "checkout.latency", "host": "app-1", "kind": "timer", "tags": ["prod"], )"
        R"("attributes": {"env": "p"}, "time_ms": 1763737831250, "anomalous": true, )"
        R"("value": 9.500000, "expected_low": 1.000000, "expected_high": nil, )"
        R"("votes": {"grubbs": true, "ks": false, "none": nil}, "text": "too high", )"
        R"("feedback": "noise by ann"})");
}

TEST_CASE("the health of a service has the documented key and shape, and is urgent") {
  const std::array<HealthMember, 2> members = {
      {{"app-1", "passing", ""}, {"app-2", "failing", "expired"}}};
  const std::array<std::string_view, 1> because = {"app-2 expired"};
  HealthRecord health;
  health.service = "checkout";
  health.time = kTime;
  health.since = kTime - std::chrono::seconds(1);
  health.own = "passing";
  health.rolled = "degraded";
  health.strict = "failing";
  health.members = members;
  health.because = because;
  const Record record = RecordEncoder().service(health);
  CHECK(record.key == "tocsin:service:checkout");
  CHECK(record.urgent);
  CHECK(shown(record) ==
        R"({"service": "checkout", "time_ms": 1763737831250, "since_ms": 1763737830250, )"
        R"("own": "passing", "rolled": "degraded", "strict": "failing", )"
        R"("members": [{"name": "app-1", "state": "passing", "reason": ""}, )"
        R"({"name": "app-2", "state": "failing", "reason": "expired"}], )"
        R"("because": ["app-2 expired"]})");
}

TEST_CASE(
    "a transition is named by service and time, so that writing it twice is writing it once") {
  const TransitionRecord transition{"checkout", kTime, "passing", "failing", "app-2 expired"};
  const RecordEncoder encoder;
  const Record record = encoder.transition(transition);
  CHECK(record.key == "tocsin:transition:checkout:1763737831250");
  CHECK(record == encoder.transition(transition));
  CHECK(shown(record) == R"({"service": "checkout", "time_ms": 1763737831250, "from": "passing", )"
                         R"("to": "failing", "because": "app-2 expired"})");
}

TEST_CASE("listings lead to the values and last as long") {
  const RecordEncoder encoder;
  const SeriesValue series{kId, &kIdentity, kTime, std::chrono::seconds(10), {}};
  CHECK(encoder.series_listing(series).key == "tocsin:index:series:checkout.latency");
  CHECK(encoder.series_listing(series).member == "00000000000000010000000000000002");
  CHECK(encoder.series_listing(series).ttl == encoder.series(series).ttl);
  CHECK(encoder.service_listing("checkout").key == "tocsin:index:services");
  CHECK(encoder.service_listing("checkout").member == "checkout");
  VerdictRecord verdict;
  verdict.id = kId;
  CHECK(encoder.anomaly_listing(verdict).key == "tocsin:index:anomalies");
  const TransitionRecord transition{"checkout", kTime, "", "", ""};
  CHECK(encoder.transition_listing(transition).key == "tocsin:index:transitions");
  CHECK(encoder.transition_listing(transition).member == "checkout:1763737831250");
}

TEST_CASE("a value that is no number is kept as it is") {
  VerdictRecord verdict;
  verdict.identity = &kIdentity;
  verdict.value = std::numeric_limits<double>::quiet_NaN();
  CHECK(shown(RecordEncoder().verdict(verdict)).find("\"value\": nan") != std::string::npos);
}
