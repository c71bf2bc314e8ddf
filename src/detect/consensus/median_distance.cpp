#include "src/detect/consensus/median_distance.hpp"

#include <algorithm>
#include <cmath>

#include "src/detect/consensus/settled.hpp"

namespace tocsin::detect::consensus {
namespace {

constexpr float kLeastStep = 0.005F;  // the share of the 200th distance and all later ones
constexpr float kRestart = 0.05F;     // of the first distance that is not 0, after a median of 0

}  // namespace

void MedianDistance::add(float value) {
  const float distance = std::abs(value);
  if (seen_ < kExact) return add_exactly(distance);
  if (seen_ < kSettled) ++seen_;
  if (median_ == 0) {
    median_ = settled(kRestart * distance);
    return;
  }
  const float step = seen_ == kSettled ? kLeastStep : 1 / static_cast<float>(seen_);
  median_ = settled(median_ * (distance > median_ ? 1 + step : 1 - step));
}

void MedianDistance::add_exactly(float distance) {
  const auto end = first_.begin() + seen_;
  const auto place = std::upper_bound(first_.begin(), end, distance);
  std::move_backward(place, end, end + 1);
  *place = distance;
  ++seen_;
  const std::size_t middle = seen_ / 2;
  median_ = seen_ % 2 == 1 ? first_[middle] : (first_[middle - 1] + first_[middle]) / 2;
}

}  // namespace tocsin::detect::consensus
