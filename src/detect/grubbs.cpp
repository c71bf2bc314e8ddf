#include <limits>

#include "src/detect/grubbs_critical.hpp"
#include "src/detect/moments.hpp"
#include "src/detect/skyline.hpp"

namespace tocsin::detect {

// Signed, so a drop gives a negative statistic and never fires.
Vote grubbs(const Window& window, Scratch&) {
  if (window.values.size() < 3) return {};
  const Moments moments = moments_of(window.values);
  const double deviation = moments.population_deviation();
  Vote vote;
  vote.statistic = (tail_of(window.values) - moments.mean) / deviation;  // 0/0 does not fire
  vote.threshold = grubbs_critical(window.values.size());
  vote.fired = vote.statistic > vote.threshold;
  vote.expected_low = -std::numeric_limits<double>::infinity();
  vote.expected_high = moments.mean + vote.threshold * deviation;
  return vote;
}

}  // namespace tocsin::detect
