#include "src/detect/adf.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

namespace tocsin::detect {
namespace {

std::vector<double> autoregressive(double memory, double offset, std::size_t count) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> noise;
  std::vector<double> values;
  double level = 0;
  for (std::size_t i = 0; i < count; ++i) {
    level = memory * level + noise(random);
    values.push_back(offset + level);
  }
  return values;
}

double tau(const std::vector<double>& values) {
  Scratch scratch;
  return dickey_fuller_tau(values, scratch, 0);
}

TEST_CASE("a sequence that returns to its level is stationary, a random walk is not") {
  CHECK(tau(autoregressive(0.2, 0, 300)) < kStationaryTau);
  CHECK(tau(autoregressive(1, 0, 300)) > kStationaryTau);
}

TEST_CASE("an offset does not change tau") {
  const double without = tau(autoregressive(0.5, 0, 300));
  CHECK(tau(autoregressive(0.5, 1000, 300)) == doctest::Approx(without).epsilon(1e-9));
}

TEST_CASE("tau is undefined for too few values and for a constant") {
  CHECK(std::isnan(tau(autoregressive(0.2, 0, 23))));
  CHECK(std::isfinite(tau(autoregressive(0.2, 0, 24))));
  CHECK(std::isnan(tau(std::vector<double>(300, 5))));
}

TEST_CASE("an offset beyond the pseudo-inverse's cut leaves the constant out of the fit") {
  // Without a constant the level column is all offset, and tau follows the mean change: near 0.
  const double offset = 1e9;
  CHECK(tau(autoregressive(0.2, offset, 300)) > kStationaryTau);
}

}  // namespace
}  // namespace tocsin::detect
