// The record low and high of a quantity, fading slowly, and by how much a value breaks them.
// A record is counted in tenths of the range it breaks: so it needs no distribution, and a series
// that always reaches further is not news each time.
// Cost:    a few operations; 12 bytes.
// Source:  `E` of ensemble A, our measurements of consensus detection.
#pragma once

#include <algorithm>
#include <cstdint>

#include "src/detect/consensus/settled.hpp"

namespace tocsin::detect::consensus {

// How far `value` is beyond low..high, in tenths of that range; `tolerance` is added to them, so
// that a range of nothing is not broken by nothing.
[[nodiscard]] inline float exceedance(float value, float low, float high, float tolerance) {
  const float beyond = std::max(0.0F, std::max(value - high, low - value));
  return beyond == 0 ? 0 : beyond / (0.1F * (high - low) + tolerance);
}

class Envelope {
 public:
  // 0 until `warm` values were taken.
  [[nodiscard]] float judge(float value, std::uint32_t warm, float tolerance) const {
    return seen_ < warm ? 0 : exceedance(value, low_, high_, tolerance);
  }

  // Takes the value in, then fades towards `centre`.
  void take(float value, float centre) {
    constexpr float kFading = 5e-5F;
    if (seen_ == 0) low_ = high_ = value;
    low_ = std::min(low_, value);
    high_ = std::max(high_, value);
    low_ = settled(low_ + kFading * (centre - low_));
    high_ = settled(high_ + kFading * (centre - high_));
    if (seen_ < UINT32_MAX) ++seen_;
  }

  [[nodiscard]] float low() const { return low_; }
  [[nodiscard]] float high() const { return high_; }
  [[nodiscard]] float middle() const { return 0.5F * (low_ + high_); }
  [[nodiscard]] std::uint32_t seen() const { return seen_; }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    state.number(self.low_);
    state.number(self.high_);
    state.count(self.seen_, UINT32_MAX);
  }

 private:
  float low_ = 0;
  float high_ = 0;
  std::uint32_t seen_ = 0;  // stays at its largest
};

}  // namespace tocsin::detect::consensus
