#include <doctest/doctest.h>

#include <cstddef>
#include <vector>

#include "src/detect/skyline.hpp"
#include "tests/unit/detect/even_series.hpp"

namespace tocsin::detect {
namespace {

using test::Evenly;
using test::fires;
using test::vote;

TEST_CASE("first_hour_average needs points older than 23 hours") {
  std::vector<double> values(8640, 0);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = i % 2 == 0 ? 1 : 2;
  for (std::size_t i = 8637; i < 8640; ++i) values[i] = 100;
  CHECK(fires(first_hour_average, Evenly(values)));
  // The same points within 23 hours.
  CHECK_FALSE(fires(first_hour_average, Evenly(values, 82800.0 / 8640)));
  // One point in the window has no deviation.
  CHECK_FALSE(fires(first_hour_average, Evenly({1, 1, 1, 100}, 82800.0 / 3 + 1)));
  const Vote found = vote(first_hour_average, Evenly(values));
  CHECK(found.expected_low == doctest::Approx(0).epsilon(0.01));
  CHECK(found.expected_high == doctest::Approx(3).epsilon(0.01));
}

}  // namespace
}  // namespace tocsin::detect
