#include "src/detect/median_distance_vote.hpp"

#include <doctest/doctest.h>

namespace tocsin::detect {
namespace {

TEST_CASE("six median distances are let pass, more are not") {
  const Vote at_six = median_distance_vote(22, 10, 2);
  CHECK_FALSE(at_six.fired);
  CHECK(at_six.abstained);
  CHECK(at_six.statistic == 6);
  CHECK(at_six.threshold == 6);
  CHECK(at_six.expected_low == -2);
  CHECK(at_six.expected_high == 22);
  const Vote below = median_distance_vote(-2.5, 10, 2);
  CHECK(below.fired);
  CHECK_FALSE(below.abstained);
  CHECK(below.statistic == 6.25);
}

TEST_CASE("without a distance nothing is said") {
  const Vote vote = median_distance_vote(1e9, 10, 0);
  CHECK_FALSE(vote.fired);
  CHECK_FALSE(vote.abstained);
}

}  // namespace
}  // namespace tocsin::detect
