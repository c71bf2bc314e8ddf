// What is usual at this hour of the day: a mean and a mean deviation for each of the 24.
// Both follow quickly, within a few rows of an hour; a value far off is clipped before it is
// learned, so one spike does not become tomorrow's expectation.
// Source:  member b of ensemble A, our measurements of consensus detection.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "src/detect/consensus/median_distance.hpp"
#include "src/detect/consensus/settled.hpp"
#include "src/detect/consensus/value_scale.hpp"

namespace tocsin::detect::consensus {

// A value against its hour.
struct HourResidual {
  bool known = false;     // the hour was seen before
  float expected = 0;     // mean of the hour
  float residual = 0;     // value - expected
  float width = 0;        // the usual size of the residual
  bool rateable = false;  // the hour was seen often enough to say how unusual it is
};

class HourProfile {
 public:
  // Against what was learned until now. Precondition: hour < 24.
  [[nodiscard]] HourResidual judge(float value, std::uint32_t hour, const Scale& scale) const {
    const Hour& now = hours_[hour];
    if (now.seen == 0) return {};
    return {.known = true,
            .expected = now.mean,
            .residual = value - now.mean,
            .width = 1.25F * now.deviation + 0.3F * usual_.deviation() + scale.least,
            .rateable = now.seen >= 2};
  }

  void learn(float value, std::uint32_t hour) {
    Hour& now = hours_[hour];
    const auto seen = static_cast<float>(now.seen);
    if (now.seen < kManyTimes) ++now.seen;
    if (seen == 0) {
      now.mean = value;
      return;
    }
    const float residual = value - now.mean;
    // While nothing ever deviated there is no measure to clip by.
    const float limit = usual_.median() > 0 ? kClip * usual_.deviation() : std::abs(residual);
    // At their least both rates are without a division, which is soon and for good.
    const bool often = seen >= 1 / kLeastDeviationRate;
    const float mean_rate = often ? kLeastMeanRate : std::max(1 / (seen + 1), kLeastMeanRate);
    now.mean = settled(now.mean + mean_rate * std::clamp(residual, -limit, limit));
    const float deviation_rate =
        often ? kLeastDeviationRate : std::max(1 / seen, kLeastDeviationRate);
    now.deviation = settled(now.deviation + deviation_rate * (std::abs(residual) - now.deviation));
    usual_.add(residual, first_);
  }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    for (auto& hour : self.hours_) {
      state.number(hour.mean);
      state.number(hour.deviation);
      state.count(hour.seen, kManyTimes);
    }
    MedianDistance::visit_state(self.usual_, self.first_, state);
  }

 private:
  static constexpr std::uint8_t kManyTimes = 255;
  static constexpr float kLeastMeanRate = 0.2F;
  static constexpr float kLeastDeviationRate = 0.05F;
  static constexpr float kClip = 6;  // usual deviations that one value may move the mean's target

  struct Hour {
    float mean = 0;
    float deviation = 0;    // mean absolute
    std::uint8_t seen = 0;  // stays at kManyTimes: both rates have long been at their least
  };

  MedianDistance::First first_{};
  std::array<Hour, 24> hours_{};
  MedianDistance usual_;  // residuals of all hours
};

}  // namespace tocsin::detect::consensus
