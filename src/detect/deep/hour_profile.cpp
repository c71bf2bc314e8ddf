#include "src/detect/deep/hour_profile.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "src/detect/deep/limits.hpp"

namespace tocsin::detect {

namespace {

constexpr double kSlowestRate = 0.02;
constexpr double kSlowestTypicalRate = 0.01;
constexpr double kMostTypicals = 6;
// Far beyond where either slowest rate has taken over; the counts need not go on.
constexpr std::uint32_t kEnough = 1'000'000;

std::size_t hour_of(double time_s) {
  const double hours = std::floor(time_s / 3600);
  return static_cast<std::size_t>(hours - 24 * std::floor(hours / 24));
}

double rate_of(std::uint32_t count, double slowest) {
  return std::max(1.0 / count, slowest);
}

}  // namespace

double HourProfile::residual(const Point& point) {
  const std::size_t hour = std::min<std::size_t>(hour_of(point.time_s), 23);
  double& mean = means_[hour];
  std::uint32_t& count = counts_[hour];
  if (count == 0) {
    mean = point.value;
    count = 1;
    expected_ = mean;
    return 0;
  }
  expected_ = mean;
  const double residual = point.value - mean;
  count = std::min(count + 1, kEnough);
  // Until something is typical nothing can be odd.
  const double most = count_ == 0 ? std::abs(residual) : kMostTypicals * typical_;
  mean += rate_of(count, kSlowestRate * pace_) * std::clamp(residual, -most, most);
  count_ = std::min(count_ + 1, kEnough);
  typical_ += rate_of(count_, kSlowestTypicalRate * pace_) * (std::abs(residual) - typical_);
  return residual;
}

void HourProfile::save(StateWriter& out) const {
  out.number(pace_);
  for (std::size_t hour = 0; hour < means_.size(); ++hour) {
    out.number(means_[hour]);
    out.integer(counts_[hour]);
  }
  out.number(typical_);
  out.integer(count_);
  out.number(expected_);
}

void HourProfile::restore(StateReader& in) {
  pace_ = in.number(0.0, 1.0);
  for (std::size_t hour = 0; hour < means_.size(); ++hour) {
    means_[hour] = in.number(-kLargestValue, kLargestValue);
    counts_[hour] = in.integer(kEnough);
  }
  typical_ = in.number(0.0, 2 * kLargestValue);
  count_ = in.integer(kEnough);
  expected_ = in.number(-kLargestValue, kLargestValue);
}

}  // namespace tocsin::detect
