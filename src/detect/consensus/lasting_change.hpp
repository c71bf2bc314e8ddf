// Has a series changed for longer than its noise explains? Three sums of what is left of each value
// without its hour of the day: one for values too high, one for values too low, one for values too
// far either way; what is usual is the mean distance, learned.
//   high: z - 1, low: -z - 1, z cut at 3;   wide: |z| - 1.5, |z| cut at 9;   z = distance / usual
// How rare a sum is, the series' own excursions say (excursions.hpp). So a single value alone
// convinces only where the series has no far ones, and a step, a drift or another width do soon,
// whatever the distribution.
// Output:  per row, how many excursions so far are expected: times the rows of a week it is the
//          number of false alarms a week to which a threshold there would lead.
// Bounds:  nothing on the first day, of which the hours' means are made, nor in the first hundred
//          rows. After a gap the sums start anew.
// Cost:    270 instructions; 330 bytes.
// Source:  bench/results/detection.md; hour_means.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "src/detect/consensus/excursions.hpp"
#include "src/detect/consensus/point_context.hpp"
#include "src/detect/memory/hour_means.hpp"

namespace tocsin::detect::consensus {

class LastingChange {
 public:
  // What the last point has shown.
  struct Evidence {
    float expected_per_row = 1;  // of excursions so far, at most; of all three sums
    bool beyond = false;         // it is at most the limit
  };

  // Rows are `step_s` apart; until then nothing is judged.
  void start(double step_s);
  [[nodiscard]] bool started() const { return started_; }

  // Judges the point, then learns it. A sum beyond the limit starts anew, so that what lasts has to
  // show itself again and again.
  Evidence update(const PointContext& point, float limit_per_row);

  // Up to here each row touches all of it.
  [[nodiscard]] const void* end_of_each_row() const { return &hours_; }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    constexpr float kLargest = 1e30F;
    state.flag(self.started_);
    HourMeans<float>::visit_state(self.hours_, state, kLargest);
    state.number(self.usual_, 0.0F, kLargest);
    state.count(self.rows_, kSettled);
    Excursions::visit_state(self.sums_, state, kSums);
  }

 private:
  static constexpr std::size_t kSums = 3;
  static constexpr std::uint16_t kSettled = 100;

  // z: the distance, in usual ones.
  [[nodiscard]] Evidence judge(float z, float limit_per_row);
  void learn(float distance, float least);

  Excursions sums_;
  float usual_ = 0;         // mean distance from the hour's mean
  std::uint16_t rows_ = 0;  // stays at kSettled
  bool started_ = false;
  HourMeans<float> hours_;
};

}  // namespace tocsin::detect::consensus
