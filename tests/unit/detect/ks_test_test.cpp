#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "src/detect/skyline.hpp"
#include "tests/unit/detect/even_series.hpp"

namespace tocsin::detect {
namespace {

using test::Evenly;
using test::fires;
using test::vote;
using test::zeros_then;

TEST_CASE("ks_test needs twenty points on both sides") {
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(std::sin(i * i) + (i >= 339 ? 3 : 0));
  CHECK(fires(ks_test, Evenly(values)));
  // 30 s apart there are 21 points in the last ten minutes, 33 s apart 19.
  CHECK(vote(ks_test, Evenly(values, 30)).threshold == 0.5);
  CHECK(std::isnan(vote(ks_test, Evenly(values, 33)).threshold));
}

TEST_CASE("ks_test trusts no reference that wanders or stands still") {
  std::vector<double> ramp;
  for (int i = 0; i < 400; ++i) ramp.push_back(i + 0.3 * std::sin(i * i));
  const Vote wandering = vote(ks_test, Evenly(ramp));
  CHECK(wandering.statistic == 1);
  CHECK_FALSE(wandering.fired);
  const Vote constant = vote(ks_test, zeros_then(1, 400, 61));
  CHECK(constant.statistic == 1);
  CHECK_FALSE(constant.fired);
}

}  // namespace
}  // namespace tocsin::detect
