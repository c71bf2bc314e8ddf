// The usual size of something, as the running median of its absolute value: half are smaller.
// Exact for the first 32; then each larger one moves it up and each smaller one down by the same
// small share, so that it rests where both are equally frequent. A single huge value moves it as
// little as any other.
// Cost:    a comparison and a multiplication; while exact, a sorted insertion. 8 bytes.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "src/detect/consensus/settled.hpp"

namespace tocsin::detect::consensus {

class MedianDistance {
 public:
  static constexpr std::size_t kExact = 32;

  // Where the first are kept in order. Of no use later, so whoever has the median keeps them out of
  // the way of what each row touches.
  using First = std::array<float, kExact>;  // ascending

  // Precondition: the same `first` each time, zeros to begin with.
  void add(float value, First& first) {
    const float distance = std::abs(value);
    if (seen_ < kSettled || !(median_ > 0)) return add_unsettled(distance, first);
    // Looked up: as half are larger, a branch would be guessed wrongly half of the time.
    constexpr std::array<float, 2> kSteps{1 - kLeastStep, 1 + kLeastStep};
    median_ = settled(median_ * kSteps[distance > median_ ? 1 : 0]);
  }

  // 0 before the first, and while half of all were 0.
  [[nodiscard]] float median() const { return median_; }
  // As a deviation: what a normal distribution of this median distance would have.
  [[nodiscard]] float deviation() const { return 1.4826F * median_; }

  template <class Self, class State>
  static void visit_state(Self& self, auto& first, State& state) {
    state.numbers(first);
    state.number(self.median_);
    state.count(self.seen_, kSettled);
    state.require(self.median_ >= 0);
  }

 private:
  static constexpr std::uint32_t kSettled = 200;
  static constexpr float kLeastStep = 0.005F;  // the share of the 200th distance and all later ones

  void add_unsettled(float distance, First& first);
  void add_exactly(float distance, First& first);

  float median_ = 0;
  std::uint32_t seen_ = 0;  // stays at kSettled
};

}  // namespace tocsin::detect::consensus
