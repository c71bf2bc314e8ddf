#include "src/detect/moving_average.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <span>
#include <vector>

namespace tocsin::detect {
namespace {

struct Expected {
  double mean;
  double deviation;
};

// pandas' ewm(com=50).mean() and .std(), by definition.
Expected weighted(std::span<const double> values) {
  long double sum = 0;
  long double squares = 0;
  long double values_sum = 0;
  long double weight = 1;
  for (std::size_t i = values.size(); i-- > 0; weight *= 50.0L / 51) {
    sum += weight;
    squares += weight * weight;
    values_sum += weight * static_cast<long double>(values[i]);
  }
  const long double mean = values_sum / sum;
  long double spread = 0;
  weight = 1;
  for (std::size_t i = values.size(); i-- > 0; weight *= 50.0L / 51) {
    const long double distance = static_cast<long double>(values[i]) - mean;
    spread += weight * distance * distance;
  }
  const long double variance = sum * sum / (sum * sum - squares) * (spread / sum);
  return {static_cast<double>(mean), static_cast<double>(std::sqrt(variance))};
}

void check_window(std::size_t window, std::size_t points) {
  std::mt19937_64 random(window);
  std::normal_distribution<double> normal(100, 10);
  std::vector<double> values;
  MovingAverage average;
  std::size_t count = 0;
  for (std::size_t i = 0; i < points; ++i) {
    if (count == window) average.leave(count--, values[i - window]);
    values.push_back(normal(random) + (i % 1000 == 700 ? 1e6 : 0));
    average.enter(count++, values.back());
    if (i % 101 != 100) continue;
    const Expected expected = weighted(std::span<const double>(values).last(count));
    const double rounding = 1e-15 * std::abs(expected.mean);
    CHECK(std::abs(average.mean() - expected.mean) <= average.mean_error() + rounding);
    CHECK(average.mean_error() < 1e-8);
    const double deviation = std::sqrt(average.variance(count));
    CHECK(std::abs(deviation - expected.deviation) <=
          (average.deviation_error() + 1e-14) * deviation);
    // Only of few points can a large one that left have been much of the sum.
    if (window > 1000) CHECK(average.deviation_error() < 1e-11);
  }
}

TEST_CASE("mean and deviation are those of the window, whatever its length") {
  for (const std::size_t window : {2U, 50U, 300U, 2047U, 2048U, 2049U, 5000U}) {
    CAPTURE(window);
    check_window(window, window + 3000);
  }
}

TEST_CASE("an emptied window begins anew") {
  MovingAverage average;
  average.enter(0, 1e9);
  average.leave(1, 1e9);
  CHECK(average.mean_error() == 0);
  average.enter(0, 1);
  average.enter(1, 3);
  CHECK(std::sqrt(average.variance(2)) ==
        doctest::Approx(weighted(std::vector<double>{1, 3}).deviation));
}

}  // namespace
}  // namespace tocsin::detect
