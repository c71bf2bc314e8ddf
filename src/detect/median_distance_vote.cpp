#include "src/detect/median_distance_vote.hpp"

#include <cmath>

namespace tocsin::detect {
namespace {

constexpr double kTimesMedianDistance = 6;

}  // namespace

Vote median_distance_vote(double value, double median, double median_distance) {
  Vote vote;
  vote.threshold = kTimesMedianDistance;
  vote.expected_low = median - kTimesMedianDistance * median_distance;
  vote.expected_high = median + kTimesMedianDistance * median_distance;
  if (median_distance == 0) return vote;
  vote.statistic = std::abs(value - median) / median_distance;
  vote.fired = vote.statistic > vote.threshold;
  vote.abstained = !vote.fired;
  return vote;
}

}  // namespace tocsin::detect
