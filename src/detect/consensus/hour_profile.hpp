// What is usual at this hour of the day: a mean and a mean deviation for each of the 24.
// Both follow quickly, within a few rows of an hour; a value far off is clipped before it is
// learned, so one spike does not become tomorrow's expectation.
// Source:  member b of ensemble A, our measurements of consensus detection.
#pragma once

#include <array>
#include <cstdint>

#include "src/detect/consensus/median_distance.hpp"
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
  [[nodiscard]] HourResidual judge(float value, std::uint32_t hour, const Scale& scale) const;

  void learn(float value, std::uint32_t hour);

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    for (auto& hour : self.hours_) {
      state.number(hour.mean);
      state.number(hour.deviation);
      state.count(hour.seen, kManyTimes);
    }
    MedianDistance::visit_state(self.usual_, state);
  }

 private:
  static constexpr std::uint8_t kManyTimes = 255;

  struct Hour {
    float mean = 0;
    float deviation = 0;    // mean absolute
    std::uint8_t seen = 0;  // stays at kManyTimes: both rates have long been at their least
  };

  std::array<Hour, 24> hours_{};
  MedianDistance usual_;  // residuals of all hours
};

}  // namespace tocsin::detect::consensus
