#include "src/detect/moments.hpp"
#include "src/detect/skyline.hpp"
#include "src/detect/three_sigma.hpp"

namespace tocsin::detect {

Vote stddev_from_average(const Window& window, Scratch&) {
  if (window.values.empty()) return {};
  const Moments moments = moments_of(window.values);
  return three_sigma(tail_of(window.values), moments.mean, moments.sample_deviation());
}

}  // namespace tocsin::detect
