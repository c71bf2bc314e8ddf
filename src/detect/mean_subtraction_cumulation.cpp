#include "src/detect/moments.hpp"
#include "src/detect/skyline.hpp"
#include "src/detect/three_sigma.hpp"

namespace tocsin::detect {

// Two points give a history of one, which has no deviation: the vote is then undefined.
Vote mean_subtraction_cumulation(const Window& window, Scratch&) {
  if (window.values.empty()) return {};
  const Moments history = moments_of(window.values.first(window.values.size() - 1));
  return three_sigma(window.values.back(), history.mean, history.sample_deviation());
}

}  // namespace tocsin::detect
