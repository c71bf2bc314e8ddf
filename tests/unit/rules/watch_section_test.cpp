#include "src/rules/sections.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/vocabulary.hpp"

namespace tocsin::rules {
namespace {

using tests::parsed_rules;
using namespace std::chrono_literals;

TEST_CASE("a watch has its parts and its place") {
  const RuleSetPtr rules = parsed_rules(R"(
watch:
  - name: checkout
    where: service = "checkout"
    detect: {detectors: [grubbs, ks_test, least_squares], quorum: 3}
    warning: metric > 3
    critical: metric > 5
    expect: {every: 40m}
    priority: high
)");
  REQUIRE(rules->watches.size() == 1);
  const Watch& watch = rules->watches[0];
  CHECK(watch.name == "checkout");
  CHECK(watch.where.text == "service = \"checkout\"");
  CHECK(watch.where.place.to_string() == "r.yaml:4:12");
  CHECK(watch.detect->voters == std::vector<Voter>{{"grubbs"}, {"ks_test"}, {"least_squares"}});
  CHECK(watch.detect->quorum == 3);
  CHECK(watch.priority == Priority::kHigh);
  CHECK(watch.warning);
  CHECK(watch.critical->text == "metric > 5");
  CHECK(watch.expect_every == 40min);
  CHECK(watch.place.to_string() == "r.yaml:3:5");
  Event event;
  event.service = "checkout";
  event.metric = 4.0;
  CHECK(watch.where.predicate.matches(event));
  CHECK(watch.warning->predicate.matches(event));
  CHECK_FALSE(watch.critical->predicate.matches(event));
}

TEST_CASE("skyline is all detectors with six votes") {
  const RuleSetPtr rules = parsed_rules("watch: [{where: 'true', detect: skyline}]");
  CHECK(rules->watches[0].detect->voters.size() == 9);
  CHECK(rules->watches[0].detect->quorum == 6);
}

TEST_CASE("a detector that remembers may be named alone") {
  for (const std::string word : {"consensus", "deep"}) {
    const RuleSetPtr rules = parsed_rules("watch: [{where: 'true', detect: " + word + "}]");
    CHECK(rules->watches[0].detect->voters == std::vector<Voter>{{word}});
    CHECK(rules->watches[0].detect->quorum == 1);
  }
}

TEST_CASE("detectors of both kinds vote together, each with its weight") {
  const auto detection = [](const std::string& text) {
    return *parsed_rules("watch: [{where: 'true', detect: " + text + "}]")->watches[0].detect;
  };
  const Detection weighed = detection("{detectors: {deep: 3, grubbs: 2}, quorum: 5}");
  CHECK(weighed.voters == std::vector<Voter>{{"deep", 3}, {"grubbs", 2}});
  CHECK(weighed.quorum == 5);
  CHECK(detection("{detectors: {deep: 3, grubbs: 2, consensus: 1}}").quorum == 4);
  CHECK_FALSE(weighed.false_alarms_per_week);
  CHECK(detection("{detectors: [consensus], false_alarms_per_week: 2.5}").false_alarms_per_week ==
        2.5);
  CHECK(detection("[deep, grubbs]").voters == std::vector<Voter>{{"deep"}, {"grubbs"}});
}

TEST_CASE("a list of detectors needs two thirds of them") {
  const auto quorum = [](const std::string& list) {
    return parsed_rules("watch: [{where: 'true', detect: [" + list + "]}]")
        ->watches[0]
        .detect->quorum;
  };
  CHECK(quorum("grubbs") == 1);
  CHECK(quorum("grubbs, ks_test") == 2);
  CHECK(quorum("grubbs, ks_test, least_squares") == 2);
  CHECK(quorum("grubbs, ks_test, least_squares, histogram_bins") == 3);
}

TEST_CASE("a series can be expected in each window") {
  CHECK(parsed_rules("watch: [{where: 'true', expect: {every: 10s}}]")->watches[0].expect_every ==
        10s);
}

TEST_CASE("a watch without a name is named after its predicate") {
  CHECK(parsed_rules("watch: [{where: service = \"x\", detect: skyline}]")->watches[0].name ==
        "service = \"x\"");
}

}  // namespace
}  // namespace tocsin::rules
