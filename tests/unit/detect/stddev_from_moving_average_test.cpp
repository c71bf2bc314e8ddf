#include <doctest/doctest.h>

#include <cstddef>

#include "src/detect/skyline.hpp"
#include "tests/unit/detect/even_series.hpp"

namespace tocsin::detect {
namespace {

using test::fires;
using test::vote;
using test::zeros_then;

TEST_CASE("stddev_from_moving_average sees a level shift for five points only") {
  for (std::size_t since = 1; since <= 6; ++since) {
    INFO("points since the shift: ", since);
    CHECK(fires(stddev_from_moving_average, zeros_then(1, 8640, since)) == (since <= 5));
  }
}

TEST_CASE("stddev_from_moving_average reaches 7.04 deviations and no more on a lone spike") {
  const Vote found = vote(stddev_from_moving_average, zeros_then(1, 8640, 1));
  CHECK(3 * found.statistic / found.threshold == doctest::Approx(7.04).epsilon(0.001));
}

}  // namespace
}  // namespace tocsin::detect
