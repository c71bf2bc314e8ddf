// The time between rows, learned from the first 32: the median of the distances between them.
// Cost:    128 bytes, which are of no use later.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tocsin::detect::consensus {

class RowStep {
 public:
  static constexpr std::size_t kRows = 32;

  void add(double time_s);

  [[nodiscard]] bool known() const { return step_s_ > 0; }
  // 0 until known.
  [[nodiscard]] double step_s() const { return step_s_; }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    state.numbers(self.steps_s_);
    state.number(self.last_s_);
    state.number(self.step_s_);
    state.count(self.rows_, kRows);
    state.require(self.step_s_ >= 0 && (self.step_s_ > 0) == (self.rows_ == kRows));
  }

 private:
  double step_s_ = 0;
  double last_s_ = 0;
  std::uint8_t rows_ = 0;  // stays at kRows
  std::array<float, kRows - 1> steps_s_{};
};

}  // namespace tocsin::detect::consensus
