#include "src/detect/moments.hpp"

#include <cassert>
#include <cmath>
#include <limits>

namespace tocsin::detect {

double Moments::sample_deviation() const {
  if (count < 2) return std::numeric_limits<double>::quiet_NaN();
  return std::sqrt(squares / static_cast<double>(count - 1));
}

double Moments::population_deviation() const {
  if (count < 1) return std::numeric_limits<double>::quiet_NaN();
  return std::sqrt(squares / static_cast<double>(count));
}

Moments moments_of(std::span<const double> values) {
  if (values.empty()) return {0, std::numeric_limits<double>::quiet_NaN(), 0};
  const auto count = static_cast<double>(values.size());
  const double origin = values.front();
  const double rough =
      origin + sum_of(values.size(), [&](std::size_t i) { return values[i] - origin; }) / count;

  double rest[4] = {0, 0, 0, 0};  // sums of distances, 0 but for the rounding of `rough`
  const double squares = sum_of(values.size(), [&](std::size_t i) {
    const double distance = values[i] - rough;
    rest[i % 4] += distance;
    return distance * distance;
  });
  const double correction = (rest[0] + rest[1]) + (rest[2] + rest[3]);
  // Rounding alone could push the difference below 0.
  const double corrected = squares - correction * correction / count;
  return {values.size(), rough + correction / count, corrected < 0 ? 0 : corrected};
}

double tail_of(std::span<const double> values) {
  assert(!values.empty());
  const std::size_t n = values.size();
  if (n < 3) return values[n - 1];
  return ((values[n - 1] + values[n - 2]) + values[n - 3]) / 3;
}

}  // namespace tocsin::detect
