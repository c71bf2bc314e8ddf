#include "src/detect/consensus/median_distance.hpp"

#include <algorithm>

namespace tocsin::detect::consensus {
namespace {

constexpr float kRestart = 0.05F;  // of the first distance that is not 0, after a median of 0

}  // namespace

void MedianDistance::add_unsettled(float distance, First& first) {
  if (seen_ < kExact) return add_exactly(distance, first);
  if (seen_ < kSettled) ++seen_;
  if (median_ == 0) {
    median_ = settled(kRestart * distance);
    return;
  }
  const float step = seen_ == kSettled ? kLeastStep : 1 / static_cast<float>(seen_);
  median_ = settled(median_ * (distance > median_ ? 1 + step : 1 - step));
}

void MedianDistance::add_exactly(float distance, First& first) {
  const auto end = first.begin() + seen_;
  const auto place = std::upper_bound(first.begin(), end, distance);
  std::move_backward(place, end, end + 1);
  *place = distance;
  ++seen_;
  const std::size_t middle = seen_ / 2;
  median_ = seen_ % 2 == 1 ? first[middle] : (first[middle - 1] + first[middle]) / 2;
}

}  // namespace tocsin::detect::consensus
