// A range of values, learned from the first ones and widened by later ones, and 81 levels on it.
// Idea:    the range of a stream is not known in advance. It begins as that of the warm-up, with a
//          pad either side; a value outside widens it, and whoever keeps positions on it is told
//          how they moved. So nothing learned before is lost when the range grows.
// Guards:  one spike must not set the range. In the warm-up, the value farthest out on either side
//          is cut off to the next, or to 1.5 times the distance of the 5 % and 95 % quantiles from
//          them, whichever is farther; later a range at most doubles at a time. What two steps have
//          shown stays: to cut all such values makes memories new to what a series does each day.
// Cost:    constant but for the warm-up; no allocation.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "src/detect/deep/limits.hpp"

namespace tocsin::detect {

// How positions on a range of 0..1 move when it is widened: at -> at * factor + offset.
struct LevelShift {
  double factor = 1;
  double offset = 0;

  [[nodiscard]] double moved(double position) const { return position * factor + offset; }
};

// Whether the first values may hold what is no part of the series.
enum class WarmUp : std::uint8_t {
  kGuarded,  // they may: the first guard is on
  kTrusted,  // they are known to be sound
};

class LevelScale {
 public:
  static constexpr int kTopLevel = 80;

  LevelScale() = default;
  // `warm_up`: not empty; `pad`: share of its range that is added on either side.
  LevelScale(std::span<const double> warm_up, double pad, WarmUp trust);

  // Widens the range towards `value`, if it lies outside.
  std::optional<LevelShift> take_in(double value);

  // The nearest of the levels 0..kTopLevel.
  [[nodiscard]] int level_of(double value) const;
  // `position` of 0..1.
  [[nodiscard]] double value_at(double position) const { return low_ + position * (high_ - low_); }

  [[nodiscard]] double low() const { return low_; }
  [[nodiscard]] double high() const { return high_; }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    constexpr double kFarthest = 10 * kLargestValue;
    state.number(self.low_, -kFarthest, kFarthest);
    state.number(self.high_, -kFarthest, kFarthest);
    state.require(self.high_ > self.low_);
    // Positions are divided by the range.
    if constexpr (State::kReads) {
      if (!state.ok()) self = LevelScale();
    }
  }

 private:
  double low_ = 0;
  double high_ = 1;
};

}  // namespace tocsin::detect
