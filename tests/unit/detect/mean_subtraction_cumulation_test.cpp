#include <doctest/doctest.h>

#include "src/detect/skyline.hpp"
#include "tests/unit/detect/even_series.hpp"

namespace tocsin::detect {
namespace {

using test::Evenly;
using test::fires;
using test::vote;

TEST_CASE("mean_subtraction_cumulation keeps the newest value out of its own mean") {
  const Vote found = vote(mean_subtraction_cumulation, Evenly({1, 2, 3, 100}));
  CHECK(found.fired);
  CHECK(found.statistic == 98);
  CHECK(found.threshold == 3);
  CHECK(found.expected_low == -1);
  CHECK(found.expected_high == 5);
}

TEST_CASE("mean_subtraction_cumulation fires on any change after a constant history") {
  CHECK(fires(mean_subtraction_cumulation, Evenly({7, 7, 7.001})));
  CHECK_FALSE(fires(mean_subtraction_cumulation, Evenly({7, 7, 7})));
}

}  // namespace
}  // namespace tocsin::detect
