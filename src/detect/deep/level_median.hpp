// The running median of all levels seen, that moves at most one occupied level a step.
// Cost:    a few additions a step; finding the next occupied level looks at 80 at most.
#pragma once

#include <array>
#include <cstdint>

#include "src/detect/deep/level_scale.hpp"

namespace tocsin::detect {

class LevelMedian {
 public:
  static constexpr int kLevels = LevelScale::kTopLevel + 1;

  // `level`: 0..kTopLevel. The median with it.
  int add(int level);
  // The levels were moved by `shift`.
  void move(const LevelShift& shift);

  [[nodiscard]] int median() const { return median_; }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    for (auto& count : self.counts_) state.count(count, kMostSteps);
    state.count(self.median_, LevelScale::kTopLevel);
    if constexpr (State::kReads) {
      state.require(self.renew_derived());
      if (!state.ok()) self = LevelMedian();
    }
  }

 private:
  // Years of steps. Then all counts are halved, so that they fit and the old weighs less.
  static constexpr std::uint16_t kMostSteps = 60'000;

  void halve();
  // What follows from the counts and the median; false when there are no such.
  [[nodiscard]] bool renew_derived();

  std::array<std::uint16_t, kLevels> counts_{};
  std::uint16_t total_ = 0;
  std::uint16_t below_ = 0;  // how many lie below the median
  std::uint8_t median_ = 0;
};

}  // namespace tocsin::detect
