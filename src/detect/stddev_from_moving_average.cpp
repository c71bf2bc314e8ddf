#include <cmath>
#include <cstddef>

#include "src/detect/skyline.hpp"
#include "src/detect/three_sigma.hpp"

namespace tocsin::detect {
namespace {

// A centre of mass of 50 points: each point weighs 50/51 of the next newer one.
constexpr double kDecay = 50.0 / 51.0;
// Weights below this cannot matter, and denormal numbers are slow.
constexpr double kNegligible = 1e-290;

}  // namespace

// Pandas' ewm(com=50) with adjust: weights normalised over the points there are, and the variance
// freed of its bias by S^2 / (S^2 - Q), S the sum of the weights and Q that of their squares. The
// newest point is part of its own average, so a lone spike reaches 7.04 deviations at most.
Vote stddev_from_moving_average(const Window& window, Scratch&) {
  const std::span<const double> values = window.values;
  if (values.empty()) return {};
  const double newest = values.back();

  // Distances from the newest value keep a large offset out of the sums.
  double weight_sum = 0;
  double square_sum = 0;
  double distance_sum = 0;
  double weight = 1;
  for (std::size_t i = values.size(); i-- > 0 && weight > kNegligible; weight *= kDecay) {
    weight_sum += weight;
    square_sum += weight * weight;
    distance_sum += weight * (values[i] - newest);
  }
  const double mean_distance = distance_sum / weight_sum;

  double variance_sum = 0;
  weight = 1;
  for (std::size_t i = values.size(); i-- > 0 && weight > kNegligible; weight *= kDecay) {
    const double distance = (values[i] - newest) - mean_distance;
    variance_sum += weight * distance * distance;
  }
  const double weight_square = weight_sum * weight_sum;
  const double unbiased = weight_square / (weight_square - square_sum);  // infinite for one point
  const double deviation = std::sqrt(unbiased * (variance_sum / weight_sum));
  return three_sigma(newest, newest + mean_distance, deviation);
}

}  // namespace tocsin::detect
