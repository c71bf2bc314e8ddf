#include "src/detect/consensus/pareto_tail.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace tocsin::detect::consensus {
namespace {

constexpr float kLargestExcess = 3;       // what one score may add to B
constexpr float kMostExcesses = 1 << 20;  // then both sums are halved: a float could not count on

}  // namespace

float ParetoTail::judge_rarely(float raised, const TailShape& shape, First& first) {
  if (seen_ < kWarm) {
    place_threshold(raised, shape, first);
    return 0;
  }
  const float excess = std::log(raised / threshold_);
  const float surprise = shape.zeros + excesses_ * std::log10(1 + excess / excess_sum_);
  threshold_ *= shape.rise;
  excesses_ += 1;
  excess_sum_ += std::min(excess, kLargestExcess);
  if (excesses_ > kMostExcesses) {
    excesses_ *= 0.5F;
    excess_sum_ = std::max(1.0F, 0.5F * excess_sum_);
  }
  return surprise;
}

void ParetoTail::place_threshold(float raised, const TailShape& shape, First& first) {
  ++seen_;
  const auto place = std::upper_bound(first.begin(), first.end(), raised, std::greater<float>());
  if (place != first.end()) {
    std::move_backward(place, first.end() - 1, first.end());
    *place = raised;
  }
  if (seen_ < kWarm) return;
  // Rank from above, between the two nearest, as SortedWindow's quantile.
  const float rank = shape.share * static_cast<float>(kWarm - 1);
  const auto above = static_cast<std::size_t>(rank);
  const float part = rank - static_cast<float>(above);
  threshold_ = first[above] + part * (first[above + 1] - first[above]);
}

}  // namespace tocsin::detect::consensus
