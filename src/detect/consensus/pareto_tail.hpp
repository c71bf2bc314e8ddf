// How rare a score is for this series: a score of any scale becomes a count of zeros, 3 for one in
// a thousand.
// The idea: above its (1-q) quantile u the logarithm of a score is taken to fall off as an
// exponential of unknown rate, which is a Pareto law of the score. With the rate's gamma prior
// integrated out, the chance to exceed z is q (1 + (z - u)/B)^-A, where A counts the excesses and B
// adds them up: heavy while little is known, and nowhere a division by a fitted deviation.
//   u rises by .005 (1-q) with each excess and falls by .005 q otherwise, so it stays the quantile.
// Here e^u is kept instead of u, so that a score below it costs a multiplication and no logarithm.
// Errors:  none; the first 100 scores only place u, and are no surprise.
// Source:  `K` of ensemble A, our measurements of consensus detection; kin of A. Siffer et al.,
//          "Anomaly detection in streams with extreme value theory", 2017.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tocsin::detect::consensus {

// What a use of the tail fixes.
struct TailShape {
  float share = 0;  // q: that many scores are in the tail
  float floor = 0;  // added to scores before the logarithm: what is about nothing
  float zeros = 0;  // -log10 q, as glibc rounds it
  float rise = 0;   // e^(.005 (1-q)), likewise
};

inline constexpr TailShape kMemberTail{0.05F, 0.1F, 1.30103F, 0x1.01380ap+0F};
inline constexpr TailShape kJointTail{0.02F, 0.3F, 1.6989701F, 0x1.0141eap+0F};

class ParetoTail {
 public:
  static constexpr std::uint32_t kWarm = 100;

  // The largest of the first scores, in the order of size. The (1-q) quantile of 100 needs only six,
  // for q up to .05. Of no use later, and so kept apart, as MedianDistance's.
  using First = std::array<float, 6>;  // descending

  // -log10 of the chance of a score so high or higher; 0 below the tail. Then learns it.
  // Preconditions: finite and >= 0; the same shape each time and the same `first`, zeros at first.
  float judge(float score, const TailShape& shape, First& first) {
    const float raised = score + shape.floor;
    if (seen_ < kWarm || raised > threshold_) return judge_rarely(raised, shape, first);
    // First-order terms of the exponential: its argument is at most .005.
    threshold_ *= 1 - kRate * shape.share;
    return 0;
  }

  template <class Self, class State>
  static void visit_state(Self& self, auto& first, State& state) {
    state.numbers(first);
    state.number(self.threshold_);
    state.number(self.excesses_);
    state.number(self.excess_sum_);
    state.count(self.seen_, kWarm);
    state.require(self.threshold_ >= 0 && self.excesses_ >= 2 && self.excess_sum_ >= 1);
  }

 private:
  static constexpr float kRate = 0.005F;  // at which the quantile follows

  // While warming up, and beyond the threshold.
  float judge_rarely(float raised, const TailShape& shape, First& first);
  void place_threshold(float raised, const TailShape& shape, First& first);

  float threshold_ = 0;     // e^u
  float excesses_ = 2;      // A
  float excess_sum_ = 1;    // B
  std::uint32_t seen_ = 0;  // stays at kWarm
};

}  // namespace tocsin::detect::consensus
