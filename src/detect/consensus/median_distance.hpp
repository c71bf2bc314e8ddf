// The usual size of something, as the running median of its absolute value: half are smaller.
// Exact for the first 32; then each larger one moves it up and each smaller one down by the same
// small share, so that it rests where both are equally frequent. A single huge value moves it as
// little as any other.
// Cost:    a comparison and a multiplication; while exact, a sorted insertion.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tocsin::detect::consensus {

class MedianDistance {
 public:
  static constexpr std::size_t kExact = 32;

  void add(float value);

  // 0 before the first, and while half of all were 0.
  [[nodiscard]] float median() const { return median_; }
  // As a deviation: what a normal distribution of this median distance would have.
  [[nodiscard]] float deviation() const { return 1.4826F * median_; }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    state.numbers(self.first_);
    state.number(self.median_);
    state.count(self.seen_, kSettled);
    state.require(self.median_ >= 0);
  }

 private:
  static constexpr std::uint32_t kSettled = 200;

  void add_exactly(float distance);

  float median_ = 0;
  std::uint32_t seen_ = 0;             // stays at kSettled
  std::array<float, kExact> first_{};  // ascending; of no use later
};

}  // namespace tocsin::detect::consensus
