#include <doctest/doctest.h>

#include <vector>

#include "src/detect/skyline.hpp"
#include "tests/unit/detect/even_series.hpp"

namespace tocsin::detect {
namespace {

using test::Evenly;
using test::fires;
using test::vote;
using test::zeros_then;

TEST_CASE("least_squares ignores what rounds to nothing") {
  CHECK(fires(least_squares, zeros_then(1000, 2000, 3)));
  CHECK_FALSE(fires(least_squares, zeros_then(1, 2000, 3)));  // a deviation of 0.04
}

TEST_CASE("least_squares fits no slope over a span that is one moment to the reference's solver") {
  std::vector<double> ramp;
  for (int i = 0; i < 60; ++i) ramp.push_back(100.0 * i);
  // An hour has a slope, which the ramp follows exactly; five minutes have none.
  CHECK(vote(least_squares, Evenly(ramp, 60)).statistic < 1e-6);
  CHECK(vote(least_squares, Evenly(ramp, 5)).statistic ==
        doctest::Approx(100 * (58 - 29.5)).epsilon(1e-4));
}

TEST_CASE("least_squares expects the line, not the level") {
  std::vector<double> ramp;
  for (int i = 0; i < 600; ++i) ramp.push_back(100.0 * i + (i % 2 == 0 ? 10 : -10));
  const Vote found = vote(least_squares, Evenly(ramp, 60));
  CHECK_FALSE(found.fired);
  // Of the last three points the middle one lies at 59,800; the range is 3 deviations of 10.
  CHECK(found.expected_low == doctest::Approx(59800 - 30).epsilon(1e-4));
  CHECK(found.expected_high == doctest::Approx(59800 + 30).epsilon(1e-4));
}

}  // namespace
}  // namespace tocsin::detect
