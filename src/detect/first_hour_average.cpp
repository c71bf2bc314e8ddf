#include <cstddef>

#include "src/detect/moments.hpp"
#include "src/detect/skyline.hpp"
#include "src/detect/three_sigma.hpp"

namespace tocsin::detect {

// Only a series that reaches back more than 23 hours has points to compare with.
Vote first_hour_average(const Window& window, Scratch& scratch) {
  if (window.values.empty()) return {};
  const double before_s = window.now_s - (kFullDuration_s - 3600);
  const std::span<double> first_hour = scratch.doubles(0, window.values.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < window.values.size(); ++i) {
    if (window.times_s[i] < before_s) first_hour[count++] = window.values[i];
  }
  const Moments moments = moments_of(first_hour.first(count));
  return three_sigma(tail_of(window.values), moments.mean, moments.sample_deviation());
}

}  // namespace tocsin::detect
