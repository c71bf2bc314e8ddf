#include "src/query/predicate_set.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/query/random_predicate.hpp"

using namespace tocsin;
using query::Match;
using query::Predicate;
using query::PredicateSet;

namespace {

Predicate parsed(const std::string& text) {
  auto predicate = Predicate::parse(text);
  REQUIRE_MESSAGE(predicate.has_value(), (predicate ? "" : predicate.error().message()));
  return *std::move(predicate);
}

PredicateSet set_of(const std::vector<std::string>& texts) {
  std::vector<Predicate> predicates;
  for (const std::string& text : texts) predicates.push_back(parsed(text));
  return PredicateSet(std::move(predicates));
}

std::vector<std::pair<std::uint32_t, std::string>> found(const PredicateSet& set,
                                                         const Identity& identity) {
  std::vector<Match> matches;
  set.match(identity, matches);
  std::vector<std::pair<std::uint32_t, std::string>> texts;
  for (const Match& match : matches) texts.emplace_back(match.index, match.residue.to_string());
  return texts;
}

using Found = std::vector<std::pair<std::uint32_t, std::string>>;

}  // namespace

TEST_CASE("a set finds each predicate that can match, in order, with its residue") {
  const PredicateSet set = set_of({
      "service = 'api.latency' and metric > 3",
      "service = 'other'",
      "service =~ 'api.%'",
      "metric > 5",
      "host in ('web-1', 'web-2') and state = 'ok'",
      "service = 'api.latency' or host = 'web-1' or tagged 'prod'",  // found three times, told once
      "tagged 'prod'",
      "host =~ 'db-%'",
      "false",
      "true",
      "not service = 'api.latency'",
      "service ~= 'lat'",
      "service = 5",
      "service =~ 'api.latency'",
  });
  const Identity identity{SeriesKind::kGauge, "web-1", "api.latency", {"prod"}, {}};
  CHECK(found(set, identity) == Found{{0, "metric > 3"},
                                      {2, "true"},
                                      {3, "metric > 5"},
                                      {4, "state = \"ok\""},
                                      {5, "true"},
                                      {6, "true"},
                                      {9, "true"},
                                      {11, "true"},
                                      {13, "true"}});
  CHECK(found(set, Identity{SeriesKind::kGauge, "", "5.0", {}, {}}) ==
        Found{{3, "metric > 5"}, {9, "true"}, {10, "true"}, {12, "true"}});
}

TEST_CASE("only what the names of a series can fit is tried, however many predicates there are") {
  std::vector<std::string> texts = {"metric > 5"};
  for (int i = 0; i < 1000; ++i) {
    const std::string n = std::to_string(i);
    texts.push_back("service =~ '%.p" + n + "'");
    texts.push_back("host =~ '%-" + n + ".example.com'");
    texts.push_back("service =~ 's" + n + ".%'");
    texts.push_back("service = 's" + n + "'");
  }
  const PredicateSet set = set_of(texts);
  const Identity identity{SeriesKind::kGauge, "web-7.example.com", "s7.latency.p99", {}, {}};
  CHECK(set.candidates(identity) == 4);
  CHECK(found(set, identity).size() == 4);
  CHECK(set.candidates(Identity{SeriesKind::kGauge, "web", "s7", {}, {}}) == 2);
  // A text that is shorter than a suffix, or as long.
  CHECK(set.candidates(Identity{SeriesKind::kGauge, "", "p7", {}, {}}) == 1);
  CHECK(set.candidates(Identity{SeriesKind::kGauge, "", ".p7", {}, {}}) == 2);
}

TEST_CASE("an empty set matches nothing and clears what was there") {
  std::vector<Match> matches(3);
  PredicateSet().match(Identity{}, matches);
  CHECK(matches.empty());
  CHECK(PredicateSet().size() == 0);
}

TEST_CASE("a set answers like asking each predicate") {
  query::testing::Random random(99);
  for (int round = 0; round < 300; ++round) {
    std::vector<Predicate> predicates;
    for (int i = 0; i < 40; ++i) {
      predicates.push_back(parsed(query::testing::random_predicate(random, i % 4).text));
    }
    const PredicateSet set(predicates);
    for (int i = 0; i < 10; ++i) {
      const Identity identity = query::testing::random_identity(random);
      Found expected;
      for (std::uint32_t at = 0; at < predicates.size(); ++at) {
        const Predicate left = predicates[at].specialise(identity);
        if (!left.is_never()) expected.emplace_back(at, left.to_string());
      }
      REQUIRE(found(set, identity) == expected);
    }
  }
}
