#include <doctest/doctest.h>

#include <cmath>

#include "src/detect/skyline.hpp"
#include "tests/unit/detect/even_series.hpp"

namespace tocsin::detect {
namespace {

using test::Evenly;
using test::fires;
using test::vote;
using test::zeros_then;

TEST_CASE("stddev_from_average takes the tail of three into its own mean") {
  const Vote found = vote(stddev_from_average, Evenly({0, 0, 0, 6, 6, 6}));
  CHECK_FALSE(found.fired);
  CHECK(found.statistic == 3);
  CHECK(found.threshold == doctest::Approx(3 * std::sqrt(54.0 / 5)));
  CHECK(found.expected_high - found.expected_low == doctest::Approx(2 * found.threshold));
}

TEST_CASE("stddev_from_average sees drops as it sees rises") {
  CHECK(fires(stddev_from_average, zeros_then(50, 200, 3)));
  CHECK(fires(stddev_from_average, zeros_then(-50, 200, 3)));
}

}  // namespace
}  // namespace tocsin::detect
