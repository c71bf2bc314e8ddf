#include "src/detect/three_sigma.hpp"

#include <cmath>

namespace tocsin::detect {

Vote three_sigma(double value, double mean, double deviation) {
  Vote vote;
  vote.statistic = std::abs(value - mean);
  vote.threshold = 3 * deviation;
  vote.fired = vote.statistic > vote.threshold;
  vote.expected_low = mean - vote.threshold;
  vote.expected_high = mean + vote.threshold;
  return vote;
}

}  // namespace tocsin::detect
