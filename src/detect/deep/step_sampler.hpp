// Makes few values of many: one for each step of the clock, as a mean that keeps spikes.
// Idea:    a step's value is its mean where its points lie close to it, else the extreme that is
//          farther from a slow centre. Ripple is averaged, a spike survives.
// Input:   points of one series in order of time, with gaps.
// Output:  a step ends with the last row that it can hold, not with the first of the next; one cut
//          short by a gap ends with what had arrived.
// Cost:    constant, no allocation.
#pragma once

#include <cstdint>
#include <optional>

#include "src/detect/deep/limits.hpp"
#include "tocsin/stream_detector.hpp"

namespace tocsin::detect {

class StepSampler {
 public:
  // Of what is missing for longer than so many steps nothing is known: no course leads across.
  static constexpr double kGapSteps = 8;

  struct Ended {
    std::optional<double> late;  // the step that a gap left open
    bool gap = false;            // more than kGapSteps are missing, after `late` and before `now`
    std::optional<double> now;   // the step that ends with this point
  };

  StepSampler() = default;
  // Both positive.
  StepSampler(double step_s, double row_s) : step_s_(step_s), row_s_(row_s) {}

  Ended add(const Point& point);

  [[nodiscard]] double step_s() const { return step_s_; }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    // Far above what a sum of values can reach, far below what overflows.
    constexpr double kLargestSum = 1e10 * kLargestValue;
    state.number(self.step_s_, 1e-3, kLatest_s);
    state.number(self.row_s_, 1e-3, kLatest_s);
    state.flag(self.started_);
    state.number(self.end_s_, -2 * kLatest_s, 2 * kLatest_s);
    state.flag(self.centred_);
    state.number(self.centre_, -2 * kLargestValue, 2 * kLargestValue);
    state.count(self.count_, UINT32_MAX);
    if (self.count_ == 0) return;
    state.number(self.sum_, -kLargestSum, kLargestSum);
    state.number(self.lowest_, -2 * kLargestValue, 2 * kLargestValue);
    state.number(self.highest_, -2 * kLargestValue, 2 * kLargestValue);
  }

 private:
  double end_step();
  // A row from here on belongs to a later step; half a row is for jitter.
  [[nodiscard]] double next_from_s() const { return end_s_ - row_s_ / 2; }

  double step_s_ = 1;
  double row_s_ = 1;
  double end_s_ = 0;      // of the step in hand, which may still be empty
  bool started_ = false;  // `end_s_` means something
  bool centred_ = false;  // `centre_` means something
  double centre_ = 0;
  std::uint32_t count_ = 0;  // of the step in hand, as the next three
  double sum_ = 0;
  double lowest_ = 0;
  double highest_ = 0;
};

}  // namespace tocsin::detect
