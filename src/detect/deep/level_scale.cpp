#include "src/detect/deep/level_scale.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace tocsin::detect {

namespace {

constexpr double kGuardQuantile = 0.05;
constexpr double kGuardDistances = 1.5;
// A series that has not moved yet still needs a range: a thousandth of its value.
constexpr double kLeastShare = 1e-3;
constexpr double kLeastRange = 1e-9;

// Linear between neighbours. `sorted` is not empty.
double quantile_of(std::span<const double> sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

LevelScale::LevelScale(std::span<const double> warm_up, double pad, WarmUp trust) {
  std::vector<double> sorted(warm_up.begin(), warm_up.end());
  std::sort(sorted.begin(), sorted.end());
  low_ = sorted.front();
  high_ = sorted.back();
  const double lower = quantile_of(sorted, kGuardQuantile);
  const double upper = quantile_of(sorted, 1 - kGuardQuantile);
  // Where nearly all is one value, the few others are all that is known of the range.
  if (trust == WarmUp::kGuarded && sorted.size() > 1 && upper > lower) {
    const double reach = kGuardDistances * (upper - lower);
    low_ = std::max(low_, std::min(lower - reach, sorted[1]));
    high_ = std::min(high_, std::max(upper + reach, sorted[sorted.size() - 2]));
  }
  const double least =
      std::max(kLeastShare * std::max(std::abs(low_), std::abs(high_)), kLeastRange);
  const double range = std::max(high_ - low_, least);
  const double missing = range - (high_ - low_);
  low_ -= pad * range + missing / 2;
  high_ += pad * range + missing / 2;
}

std::optional<LevelShift> LevelScale::take_in(double value) {
  if (value >= low_ && value <= high_) return std::nullopt;
  const double range = high_ - low_;
  const double low = std::max(std::min(low_, value), low_ - range);
  const double high = std::min(std::max(high_, value), high_ + range);
  const LevelShift shift{range / (high - low), (low_ - low) / (high - low)};
  low_ = low;
  high_ = high;
  return shift;
}

int LevelScale::level_of(double value) const {
  const double position = std::clamp((value - low_) / (high_ - low_), 0.0, 1.0);
  return static_cast<int>(kTopLevel * position + 0.5);
}

}  // namespace tocsin::detect
