#include "src/detect/three_sigma.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace tocsin::detect {
namespace {

TEST_CASE("exactly three deviations off the mean do not fire") {
  CHECK_FALSE(three_sigma(16, 10, 2).fired);
  CHECK(three_sigma(16.001, 10, 2).fired);
  CHECK(three_sigma(3.999, 10, 2).fired);
}

TEST_CASE("the vote says the distance, what it must exceed, and the range") {
  const Vote vote = three_sigma(5, 10, 2);
  CHECK(vote.statistic == 5);
  CHECK(vote.threshold == 6);
  CHECK(vote.expected_low == 4);
  CHECK(vote.expected_high == 16);
}

TEST_CASE("an undefined mean or deviation does not fire") {
  CHECK_FALSE(three_sigma(5, kUndefined, 2).fired);
  CHECK_FALSE(three_sigma(5, 1, kUndefined).fired);
  CHECK(std::isnan(three_sigma(5, 1, kUndefined).expected_low));
}

}  // namespace
}  // namespace tocsin::detect
