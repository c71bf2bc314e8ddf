#include "src/rules/roll_up.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/vocabulary.hpp"

namespace tocsin::rules {
namespace {

using tests::parsed_rules;

RollUp roll_up(const std::string& keys) {
  return parsed_rules("service: [{name: a, members: {where: 'true'" + keys + "}}]")
      ->services[0]
      .members[0]
      .roll_up;
}

TEST_CASE("the policy follows from need unless it is written") {
  CHECK(roll_up("").policy == Policy::kWorst);
  CHECK(roll_up(", need: 2").policy == Policy::kQuorum);
  CHECK(roll_up(", need: 2, policy: quorum").policy == Policy::kQuorum);
  CHECK(roll_up(", policy: best").policy == Policy::kBest);
}

TEST_CASE("amounts are numbers or shares") {
  CHECK(roll_up(", need: 2").need == Amount{2, false});
  CHECK(roll_up(", need: 66.7%").need == Amount{66.7, true});
  CHECK(roll_up(", need: '100%'").need == Amount{100, true});
}

TEST_CASE("a number and a share cannot be compared, so both orders pass") {
  const RollUp mixed = roll_up(", need: 2, degraded_below: 1%");
  CHECK(mixed.degraded_below == Amount{1, true});
}

}  // namespace
}  // namespace tocsin::rules
