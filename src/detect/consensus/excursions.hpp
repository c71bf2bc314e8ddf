// How far have sums of scores gone, and how often does this series go so far? Four sums at a time.
// The idea: scores that are below zero on average are added up, never below zero: a sum far up
// means many high ones close together (Page's test). Each time it leaves zero is an excursion. How
// far excursions reach falls off as an exponential, whatever the law of the scores and also where
// neighbours depend on each other; only its rate differs from series to series. So the rate is
// learned from the series' own excursions beyond a height u that one in ten reaches:
//   expected excursions per row that reach c = (n + 10) / (rows + 2016) (1 + (c - u) / B)^-A
// n of them were counted, each to its natural end, whatever was said of it on the way; A = 4 + n and
// B = 9 + the sum of their excesses over u are the rate's gamma posterior, integrated out: what little
// is known of a young series makes it slow to speak.
// Bounds:  past 65,536 rows all counts are halved: the recent weighs more.
// Cost:    some ninety instructions for all four; a power for each that is beyond u. 116 bytes.
// Source:  E. S. Page, "Continuous inspection schemes", Biometrika 41 (1954); the exponential tail:
//          W. Feller, An Introduction to Probability Theory II (1971), XII.5. Constants measured on
//          made-up series: bench/results/detection.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "src/detect/consensus/lanes.hpp"

namespace tocsin::detect::consensus {

class Excursions {
 public:
  Excursions() { renew_steps(); }

  // Of each: the expected number, per row, of excursions that reach as far as this one has; more
  // than any limit while it is an ordinary one.
  Lanes add(Lanes scores);
  // An alarm was made of it: for the next the sum starts anew. The excursion goes on all the same,
  // so what a series does each weekend becomes what it does.
  void restart(std::size_t lane) { sums_[lane] = 0; }
  // The last scores do not lead to the next: what was going on ends, uncounted.
  void abandon();

  template <class Self, class State>
  static void visit_state(Self& self, State& state, std::size_t lanes) {
    for (std::size_t i = 0; i < lanes; ++i) {
      state.number(self.sums_[i], 0.0F, kFarthest);
      state.number(self.wholes_[i], 0.0F, kFarthest);
      state.number(self.farthest_[i], 0.0F, kFarthest);
      state.number(self.ordinary_[i], 1.0F, kMostExcess);
      state.number(self.counted_[i], 0.0F, static_cast<float>(kMostRows));
      state.number(self.excess_[i], 0.0F, kMostExcess);
      // All see the same rows.
      std::uint32_t rows = self.rows_;
      state.count(rows, kMostRows);
      state.require(i == 0 || rows == self.rows_);
      if constexpr (State::kReads) self.rows_ = rows;
    }
    if constexpr (State::kReads) self.renew_steps();
  }

 private:
  static constexpr std::uint32_t kMostRows = 65'536;
  static constexpr float kFarthest = 1e6F;  // no limit lies beyond
  static constexpr float kMostExcess = kFarthest * kMostRows;

  void count(LaneMask far);
  void halve();
  void renew_steps();
  [[nodiscard]] float expected(std::size_t lane) const;

  std::array<float, kLanes> sums_{};
  std::array<float, kLanes> wholes_{};              // the sums without restarts
  std::array<float, kLanes> farthest_{};            // of the excursion
  std::array<float, kLanes> ordinary_{2, 2, 2, 2};  // u
  std::array<float, kLanes> steps_{};               // by which u moves; follow from the next two
  std::array<float, kLanes> counted_{};             // n
  std::array<float, kLanes> excess_{};              // of those over u, in all
  std::uint32_t rows_ = 0;
};

}  // namespace tocsin::detect::consensus
