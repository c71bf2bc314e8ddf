// How far has a sum of scores gone, and how often does this series go so far?
// The idea: scores that are below zero on average are added up, never below zero: a sum far up
// means many high ones close together (Page's test). Each time it leaves zero is an excursion. How
// far excursions reach falls off as an exponential, whatever the law of the scores and also where
// neighbours depend on each other; only its rate differs from series to series. So the rate is
// learned from the series' own excursions beyond a height u that one in ten reaches:
//   expected excursions per row that reach c = (n + 10) / (rows + 2016) (1 + (c - u) / B)^-A
// n of them were counted, each to its natural end, whatever was said of it on the way; A = 4 + n and B = 9 + the sum of their excesses over u are the rate's
// gamma posterior, integrated out: what little is known of a young series makes it slow to speak.
// Bounds:  past 65,536 rows all counts are halved: the recent weighs more.
// Cost:    an addition and two comparisons; a power where the sum is beyond u. 28 bytes.
// Source:  E. S. Page, "Continuous inspection schemes", Biometrika 41 (1954); the exponential tail:
//          W. Feller, An Introduction to Probability Theory II (1971), XII.5. Constants measured on
//          made-up series: bench/results/detection.md.
#pragma once

#include <cstdint>

namespace tocsin::detect::consensus {

class Excursions {
 public:
  // Expected number, per row, of excursions that reach as far as this one has; more than any limit
  // while it is an ordinary one.
  float add(float score);
  // An alarm was made of it: for the next the sum starts anew. The excursion goes on all the same,
  // so what a series does each weekend becomes what it does.
  void restart() { sum_ = 0; }
  // The last scores do not lead to the next: what was going on ends, uncounted.
  void abandon();

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    state.number(self.sum_, 0.0F, kFarthest);
    state.number(self.whole_, 0.0F, kFarthest);
    state.number(self.farthest_, 0.0F, kFarthest);
    state.number(self.ordinary_, 1.0F, kMostExcess);
    state.number(self.counted_, 0.0F, static_cast<float>(kMostRows));
    state.number(self.excess_, 0.0F, kMostExcess);
    state.count(self.rows_, kMostRows);
  }

 private:
  static constexpr std::uint32_t kMostRows = 65'536;
  static constexpr float kFarthest = 1e6F;  // no limit lies beyond
  static constexpr float kMostExcess = kFarthest * kMostRows;

  void end();

  float sum_ = 0;
  float whole_ = 0;     // the sum without restarts
  float farthest_ = 0;  // of the excursion
  float ordinary_ = 2;  // u
  float counted_ = 0;   // n
  float excess_ = 0;    // of those over u, in all
  std::uint32_t rows_ = 0;
};

}  // namespace tocsin::detect::consensus
