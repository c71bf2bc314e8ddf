#include "src/detect/consensus/pareto_tail.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace tocsin::detect::consensus {
namespace {

constexpr float kRate = 0.005F;           // at which the quantile follows
constexpr float kLargestExcess = 3;       // what one score may add to B
constexpr float kMostExcesses = 1 << 20;  // then both sums are halved: a float could not count on

}  // namespace

float ParetoTail::judge(float score) {
  const float raised = score + shape_.floor;
  if (seen_ < kWarm) {
    place_threshold(raised);
    return 0;
  }
  // First-order terms of the exponential: its argument is at most .005.
  if (raised <= threshold_) {
    threshold_ *= 1 - kRate * shape_.share;
    return 0;
  }
  const float excess = std::log(raised / threshold_);
  const float surprise =
      -std::log10(shape_.share) + excesses_ * std::log10(1 + excess / excess_sum_);
  threshold_ *= std::exp(kRate * (1 - shape_.share));
  excesses_ += 1;
  excess_sum_ += std::min(excess, kLargestExcess);
  if (excesses_ > kMostExcesses) {
    excesses_ *= 0.5F;
    excess_sum_ = std::max(1.0F, 0.5F * excess_sum_);
  }
  return surprise;
}

void ParetoTail::place_threshold(float score) {
  ++seen_;
  const auto place =
      std::upper_bound(largest_.begin(), largest_.end(), score, std::greater<float>());
  if (place != largest_.end()) {
    std::move_backward(place, largest_.end() - 1, largest_.end());
    *place = score;
  }
  if (seen_ < kWarm) return;
  // Rank from above, between the two nearest, as SortedWindow's quantile.
  const float rank = shape_.share * static_cast<float>(kWarm - 1);
  const auto above = static_cast<std::size_t>(rank);
  const float part = rank - static_cast<float>(above);
  threshold_ = largest_[above] + part * (largest_[above + 1] - largest_[above]);
}

}  // namespace tocsin::detect::consensus
