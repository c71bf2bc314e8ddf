#include "src/detect/deep/vigilance.hpp"

#include <algorithm>

namespace tocsin::detect {

namespace {

constexpr float kUnits = 65'535;
constexpr float kHighestUpper = 0.97F;
constexpr float kRise = 0.19F;
constexpr float kFall = 0.5F;
constexpr float kLeastFall = 0.01F;
constexpr float kLargestShortfall = 0.37F;
constexpr float kLeastShortfall = 0.05F;

}  // namespace

void Vigilance::observe(float similarity) {
  similarities_[steps_ % kKept] = static_cast<std::uint16_t>(similarity * kUnits + 0.5F);
  similarity_sum_ += similarity;
  ++steps_;
  bool due = steps_ % kUpdateSteps == 0;
  if (since_alarm_ < kSettleSteps) {
    worst_since_alarm_ = std::min(worst_since_alarm_, similarity);
    if (++since_alarm_ == kSettleSteps) {
      end_alarm();
      due = true;
    }
  }
  if (due) update();
}

void Vigilance::alarmed(float similarity) {
  if (since_alarm_ < kSettleSteps) end_alarm();
  since_alarm_ = 0;
  worst_since_alarm_ = similarity;
}

void Vigilance::end_alarm() {
  alarm_sum_ += worst_since_alarm_;
  ++alarms_;
}

void Vigilance::update() {
  upper_ = std::min(kHighestUpper, static_cast<float>(similarity_sum_ / steps_));
  const float worst = worst_of_late();
  if (lower_ <= worst) {
    lower_ += kRise * (worst - lower_);
  } else {
    lower_ -= kFall * std::max(kLeastFall, mean_shortfall());
    if (alarms_ > 0) lower_ = std::max(lower_, alarm_sum_ / static_cast<float>(alarms_));
  }
  lower_ = std::min(lower_, upper_);
}

// 1 is the newest.
float Vigilance::similarity(std::uint32_t steps_ago) const {
  return static_cast<float>(similarities_[(steps_ - steps_ago) % kKept]) / kUnits;
}

float Vigilance::worst_of_late() const {
  float worst = 1;
  for (std::uint32_t ago = 1; ago <= std::min(steps_, kUpdateSteps + 1); ++ago) {
    worst = std::min(worst, similarity(ago));
  }
  return worst;
}

float Vigilance::mean_shortfall() const {
  // Before that the shortfalls are those of learning.
  if (steps_ < kWarmUpSteps) return 0;
  float sum = 0;
  float count = 0;
  for (std::uint32_t ago = 1; ago <= std::min<std::uint32_t>(steps_, kKept); ++ago) {
    const float shortfall = upper_ - similarity(ago);
    if (shortfall <= kLeastShortfall) continue;
    sum += std::min(kLargestShortfall, shortfall);
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

}  // namespace tocsin::detect
