#include "src/query/predicate.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include "tests/unit/query/allocation_count.hpp"
#include "tests/unit/query/random_predicate.hpp"

using namespace tocsin;
using query::Field;
using query::Predicate;

namespace {

Predicate parsed(std::string_view text) {
  auto predicate = Predicate::parse(text);
  REQUIRE_MESSAGE(predicate.has_value(), (predicate ? "" : predicate.error().message()));
  return *std::move(predicate);
}

Event sample() {
  Event event;
  event.time = TimePoint(std::chrono::milliseconds(1'700'000'000'500));
  event.host = "web-1";
  event.service = "checkout.latency";
  event.state = "warning";
  event.metric = std::int64_t{9007199254740993};
  event.description = "timed out after 30 s\nretrying";
  event.tags = {"eu", "prod"};
  event.ttl = std::chrono::seconds(60);
  event.attributes = {{"canary", "false"}, {"empty", ""},     {"k8s.io/pod", "a-1"},
                      {"limit", "100"},    {"status", "503"}, {"type", "rails"},
                      {"version", "1.10"}};
  return event;
}

}  // namespace

TEST_CASE("each construct of the language holds when it should") {
  struct Row {
    const char* text;
    bool matches;
  };
  const Row rows[] = {
      {"host = \"web-1\"", true},
      {"host != \"web-1\"", false},
      {"service =~ \"checkout.%\"", true},
      {"service =~ \"checkout\"", false},
      {"description ~= \"out after \\\\d+ s$\"", false},  // $ is the end of the text
      {"description ~= \"out after \\\\d+ s\"", true},
      {"description =~ 'timed%retrying'", true},  // % crosses lines
      {"tagged \"prod\"", true},
      {"tagged \"pro\"", false},
      {"tags", true},
      {"missing(tags)", false},
      {"type = 'rails'", true},
      {"`k8s.io/pod` = 'a-1' and k8s.io/pod = 'a-1'", true},
      {"state in ('critical', 'warning')", true},
      {"state not in ('critical', 'warning')", false},
      {"status in (500, 503)", true},
      {"status >= 500", true},
      {"status = 503.0", true},
      {"status = '503.0'", false},
      {"version = '1.1'", false},
      {"version = 1.1", true},
      {"limit < status", true},
      {"metric > limit", true},
      {"metric = 9007199254740993", true},
      {"metric = 9007199254740992", false},
      {"metric = 9007199254740992.0", false},
      {"9007199254740992 < metric", true},
      {"metric>2", true},
      {"metric < Infinity", true},
      {"metric = NaN or metric != metric", false},
      {"time = 1700000000.5", true},
      {"time > 1700000000 and time < 1700000001", true},
      {"ttl = 60", true},
      {"ttl <= 59.9", false},
      {"canary", false},
      {"canary = false", true},
      {"canary != nil", true},
      {"empty = nil", true},
      {"empty = ''", true},
      {"state != ''", true},
      {"nowhere", false},
      {"missing(nowhere)", true},
      {"nowhere = 'x'", false},
      {"nowhere != 'x'", true},  // as in Riemann
      {"nowhere > 1 or nowhere <= 1 or nowhere =~ '%' or nowhere ~= ''", false},
      {"nowhere = nothing", true},
      {"nowhere in (nil, 1)", true},
      {"host > 5", false},
      {"host < 'web-2'", true},
      {"not host = 'web-1' or tagged 'eu' and not tagged 'us'", true},
  };
  const Event event = sample();
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(parsed(row.text).matches(event) == row.matches);
  }
}

TEST_CASE("an event without metric, ttl or tags is missing them") {
  const Event event;
  CHECK(parsed("missing(metric) and missing(ttl) and missing(tags) and not tags").matches(event));
  CHECK_FALSE(parsed("metric >= 0 or metric < 0 or ttl > 0").matches(event));
  CHECK(parsed("time = 0").matches(event));
}

TEST_CASE("a predicate made of nothing matches nothing") {
  const Predicate predicate;
  CHECK(predicate.is_never());
  CHECK_FALSE(predicate.matches(sample()));
  CHECK(predicate.to_string() == "false");
  CHECK(Predicate::always().matches(sample()));
  CHECK(Predicate::always() == parsed("1 = 1"));
  CHECK(Predicate() == parsed("a and false"));
  CHECK_FALSE(Predicate() == Predicate::always());
}

TEST_CASE("a verdict that hangs on a search that gave up is no match, even under not") {
  Event event = sample();
  event.description = std::string(64, 'a') + "b";
  const Predicate search = parsed("description ~= '^(a+)+$'");
  const Predicate negated = parsed("not description ~= '^(a+)+$'");
  CHECK_FALSE(search.matches(event));
  CHECK_FALSE(negated.matches(event));
  CHECK(search.give_ups() == 1);
  CHECK(negated.give_ups() == 1);
  // Where the rest decides, it does not matter.
  CHECK(parsed("description ~= '^(a+)+$' or host = 'web-1'").matches(event));
  CHECK(parsed("not (description ~= '^(a+)+$' and host = 'web-2')").matches(event));
}

TEST_CASE("copies share their count of searches that gave up") {
  Event event = sample();
  event.description = std::string(64, 'a') + "b";
  const Predicate original = parsed("host = 'web-1' and description ~= '^(a+)+$'");
  const Predicate copy = original;
  Identity identity;
  identity.host = "web-1";
  const Predicate residue = original.specialise(identity);
  (void)copy.matches(event);
  (void)residue.matches(event);
  CHECK(original.give_ups() == 2);
}

TEST_CASE("a predicate says which fields it needs") {
  const Predicate predicate = parsed("host = 'a' and (metric > limit or tagged 'x')");
  CHECK(predicate.needs(Field::kHost));
  CHECK(predicate.needs(Field::kMetric));
  CHECK(predicate.needs(Field::kTags));
  CHECK(predicate.needs(Field::kAttribute));
  CHECK_FALSE(predicate.needs(Field::kService));
  CHECK(predicate.depends_on_value());
  CHECK_FALSE(parsed("host = 'a' and tagged 'x' and env = 'b'").depends_on_value());
  CHECK_FALSE(parsed("host = 'a' or (metric > 3 or true)").needs(Field::kMetric));
}

TEST_CASE("an error names the place within the text") {
  const auto predicate = Predicate::parse("host = 'a'\nand and");
  REQUIRE_FALSE(predicate.has_value());
  CHECK(predicate.error().where == "2:5");
  CHECK(predicate.error().code == Errc::kSyntax);
}

TEST_CASE("matching allocates nothing") {
  const Event event = sample();
  const Predicate predicate = parsed(
      "host =~ 'web-%' and status >= 500 and description ~= 'timed (out|in)' and metric > limit "
      "and type in ('x', 'rails') and version = 1.1 and tagged 'prod' and time > 5 and not "
      "missing(ttl)");
  REQUIRE(predicate.matches(event));  // and this thread's scratch memory for searches now exists
  const std::size_t before = query::testing::allocation_count();
  int matches = 0;
  for (int round = 0; round < 1000; ++round) matches += predicate.matches(event) ? 1 : 0;
  CHECK(query::testing::allocation_count() == before);
  CHECK(matches == 1000);
}

TEST_CASE("random predicates agree with a naive reading of the same tests") {
  query::testing::Random random(7);
  int matches = 0;
  for (int round = 0; round < 50'000; ++round) {
    const auto sampled = query::testing::random_predicate(random, 3);
    const Event event =
        query::testing::random_event_of(query::testing::random_identity(random), random);
    const bool expected = sampled.truth(event);
    CAPTURE(sampled.text);
    REQUIRE(parsed(sampled.text).matches(event) == expected);
    matches += expected ? 1 : 0;
  }
  CHECK(matches > 10'000);  // both answers were well exercised
  CHECK(matches < 40'000);
}

TEST_CASE("a text is spelled out to its end by a constant that holds for it, and by nothing else") {
  const auto spells = [](std::string_view text, std::string_view service) {
    return parsed(text).spells_out(Field::kService, service, ".p9");
  };
  CHECK(spells("service = \"a.p9\"", "a.p9"));
  CHECK(spells("metric > 1 and service in (\"x\", \"a.p9\")", "a.p9"));
  CHECK(spells("service =~ \"%.p9\"", "a.p9"));
  CHECK_FALSE(spells("service =~ \"b.%.p9\"", "a.p9"));
  CHECK_FALSE(spells("service =~ \"a.%\"", "a.p9"));
  CHECK_FALSE(spells("service =~ \"a.p%\"", "a.p9"));
  CHECK_FALSE(spells("service != \"a.p9\"", "a.p9"));
  CHECK_FALSE(spells("host = \"a.p9\"", "a.p9"));
  CHECK_FALSE(spells("service ~= \"a.p9\"", "a.p9"));
  CHECK_FALSE(spells("true", "a.p9"));
}
