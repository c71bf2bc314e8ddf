#include "src/rules/condition.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/vocabulary.hpp"

namespace tocsin::rules {
namespace {

using tests::parsed_rules;

TEST_CASE("a series name with quotes in it selects that series") {
  const RuleSetPtr rules = parsed_rules(R"(service: [{name: a, business: ['odd "name\']}])");
  Event event;
  event.service = R"(odd "name\)";
  CHECK(rules->services[0].business[0].where.predicate.matches(event));
  event.service = "odd";
  CHECK_FALSE(rules->services[0].business[0].where.predicate.matches(event));
}

TEST_CASE("a condition remembers its text and its place") {
  const Condition where =
      parsed_rules("watch:\n  - where: 'service = \"x\"'\n    detect: skyline\n")->watches[0].where;
  CHECK(where.text == "service = \"x\"");
  CHECK(where.place.to_string() == "r.yaml:2:12");
}

}  // namespace
}  // namespace tocsin::rules
