#include <cmath>
#include <cstddef>
#include <span>

#include "src/detect/median.hpp"
#include "src/detect/median_distance_vote.hpp"
#include "src/detect/skyline.hpp"

namespace tocsin::detect {

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
  return median_distance_vote(window.values.back(), median, median_of(values));
}

}  // namespace tocsin::detect
