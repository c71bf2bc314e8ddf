#include <cmath>
#include <cstddef>

#include "src/detect/median.hpp"
#include "src/detect/skyline.hpp"

namespace tocsin::detect {
namespace {

constexpr double kTimesMedianDistance = 6;

}  // namespace

// Silent when the median distance is 0, which is whenever more than half of the points are equal.
// Otherwise it fires or abstains: Skyline's rule returned nothing there, and nothing is not False.
Vote median_absolute_deviation(const Window& window, Scratch& scratch) {
  if (window.values.empty()) return {};
  const std::span<double> copy = scratch.doubles(0, window.values.size());
  std::size_t count = 0;
  for (const double value : window.values) {
    if (!std::isnan(value)) copy[count++] = value;  // a NaN has no rank
  }
  const std::span<double> values = copy.first(count);
  const double median = median_of(values);
  for (double& value : values) value = std::abs(value - median);
  const double median_distance = median_of(values);

  Vote vote;
  vote.threshold = kTimesMedianDistance;
  vote.expected_low = median - kTimesMedianDistance * median_distance;
  vote.expected_high = median + kTimesMedianDistance * median_distance;
  if (median_distance == 0) return vote;
  vote.statistic = std::abs(window.values.back() - median) / median_distance;
  vote.fired = vote.statistic > vote.threshold;
  vote.abstained = !vote.fired;
  return vote;
}

}  // namespace tocsin::detect
