#include <doctest/doctest.h>

#include "src/detect/skyline.hpp"
#include "tests/unit/detect/even_series.hpp"

namespace tocsin::detect {
namespace {

using test::Evenly;
using test::vote;

TEST_CASE("median_absolute_deviation says no only when half of the points are equal") {
  const Vote tied = vote(median_absolute_deviation, Evenly({1, 1, 1, 9}));
  CHECK_FALSE(tied.fired);
  CHECK_FALSE(tied.abstained);
  const Vote calm = vote(median_absolute_deviation, Evenly({1, 2, 3, 4, 5, 6}));
  CHECK_FALSE(calm.fired);
  CHECK(calm.abstained);
  const Vote wild = vote(median_absolute_deviation, Evenly({1, 2, 3, 4, 5, 60}));
  CHECK(wild.fired);
  CHECK_FALSE(wild.abstained);
  CHECK(wild.expected_low == 3.5 - 6 * 1.5);
  CHECK(wild.expected_high == 3.5 + 6 * 1.5);
}

}  // namespace
}  // namespace tocsin::detect
