#include "src/query/specialise.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "src/query/predicate.hpp"
#include "tests/unit/query/random_predicate.hpp"

using namespace tocsin;
using query::Predicate;

namespace {

Predicate parsed(std::string_view text) {
  auto predicate = Predicate::parse(text);
  REQUIRE_MESSAGE(predicate.has_value(), (predicate ? "" : predicate.error().message()));
  return *std::move(predicate);
}

std::string residue(std::string_view text, const Identity& identity) {
  return parsed(text).specialise(identity).to_string();
}

Identity gauge() {
  return {SeriesKind::kGauge, "web-1", "api.latency", {"eu", "prod"}, {{"env", "live"}}};
}

Identity event() {
  return {SeriesKind::kEvent, "web-1", "api.latency", {"eu", "prod"}, {{"env", "live"}}};
}

}  // namespace

TEST_CASE("what the identity settles is gone from the residue") {
  struct Row {
    const char* text;
    const char* residue;
  };
  const Row rows[] = {
      {"service =~ 'api.%' and metric > 3", "metric > 3"},
      {"service = 'other' and metric > 3", "false"},
      {"service = 'other' or metric > 3", "metric > 3"},
      {"host = 'web-1' or metric > 3", "true"},
      {"not (host = 'web-2' or metric > 3)", "not metric > 3"},
      {"tagged 'prod' and not tagged 'us'", "true"},
      {"missing(tags) or state = 'ok'", "state = \"ok\""},
      {"env = 'live' and description ~= 'x'", "description ~= \"x\""},
      {"host in ('a', 'web-1') and (state = 'ok' or env = 'x' or ttl > 3)",
       "state = \"ok\" or ttl > 3"},
      {"(host = 'x' or metric > 1) and (host = 'y' or metric < 9)", "metric > 1 and metric < 9"},
      {"metric > 3 and (metric < 4 and host)", "metric > 3 and metric < 4"},
      {"time > 5", "time > 5"},
  };
  for (const Identity& identity : {gauge(), event()}) {
    for (const Row& row : rows) {
      CAPTURE(row.text);
      CHECK(residue(row.text, identity) == row.residue);
    }
  }
}

TEST_CASE("a metric has no attributes but those of its identity and metric_type") {
  CHECK(residue("status >= 500 and metric > 3", gauge()) == "false");
  CHECK(residue("missing(status) and metric > 3", gauge()) == "metric > 3");
  CHECK(residue("metric_type = 'gauge' and metric > 3", gauge()) == "metric > 3");
  CHECK(residue("metric < limit", gauge()) == "false");
  CHECK(residue("metric != limit", gauge()) == "metric != limit");
}

TEST_CASE("an event may have attributes that its identity does not tell") {
  CHECK(residue("status >= 500 and host = 'web-1'", event()) == "status >= 500");
  CHECK(residue("missing(status)", event()) == "missing(status)");
  CHECK(residue("metric_type = 'gauge'", event()) == "metric_type = \"gauge\"");
  CHECK(residue("metric < limit", event()) == "metric < limit");
}

TEST_CASE("a search of the identity that gives up is left for the events") {
  Identity identity = gauge();
  identity.service = std::string(64, 'a') + "b";
  const Predicate left = parsed("not service ~= '^(a+)+$'").specialise(identity);
  CHECK(left.to_string() == "not service ~= \"^(a+)+$\"");
  Event seen;
  seen.service = identity.service;
  CHECK_FALSE(left.matches(seen));
}

TEST_CASE("a residue can be specialised again") {
  const Predicate once =
      parsed("host = 'web-1' and status >= 500 and metric > 3").specialise(event());
  CHECK(once.to_string() == "status >= 500 and metric > 3");
  CHECK(once.specialise(gauge()).is_never());
}

TEST_CASE("the residue gives the verdict of the whole predicate") {
  query::testing::Random random(42);
  int cases = 0;
  int settled = 0;
  int matched = 0;
  for (int round = 0; round < 30'000; ++round) {
    const auto sampled = query::testing::random_predicate(random, 4);
    const Predicate predicate = parsed(sampled.text);
    const Identity identity = query::testing::random_identity(random);
    const Predicate left = predicate.specialise(identity);
    settled += left.is_always() || left.is_never() ? 1 : 0;
    for (int events = 0; events < 5; ++events, ++cases) {
      const Event event = query::testing::random_event_of(identity, random);
      CAPTURE(sampled.text);
      CAPTURE(left.to_string());
      REQUIRE(left.matches(event) == predicate.matches(event));
      matched += left.matches(event) ? 1 : 0;
    }
  }
  CHECK(cases == 150'000);
  CHECK(settled > 5'000);  // of both sorts enough
  CHECK(settled < 25'000);
  CHECK(matched > 25'000);
}
