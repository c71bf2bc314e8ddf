// RunningEnsemble: an ensemble whose votes come from running state. Detectors are asked no longer
// than the outcome is open: first what they can say from the state alone, which for nearly all
// points is enough, since four of Skyline's nine say no; then those that must read, the cheapest
// first.
// Output:  decide() is Verdict::alarming of Ensemble::judge on the same window; judge() all of it,
//          with numbers that may differ by rounding.
// Threads: immutable; share it. Borrows the ensemble.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "src/detect/ensemble.hpp"
#include "src/detect/running_skyline.hpp"

namespace tocsin::detect {

class RunningEnsemble {
 public:
  explicit RunningEnsemble(const Ensemble& ensemble);
  RunningEnsemble(Ensemble&&) = delete;

  // Whether the newest point is alarming.
  [[nodiscard]] bool decide(RunningSkyline& state, WindowReader& reader, Scratch& scratch) const;
  // The whole vote: for the explanation of an alarm.
  [[nodiscard]] Verdict judge(RunningSkyline& state, WindowReader& reader, Scratch& scratch) const;

 private:
  struct Member {
    std::size_t place;               // in the ensemble
    const RunningDetector* running;  // null: it has no running form and reads the whole window
  };

  [[nodiscard]] Vote read(const Member& member, RunningSkyline& state, WindowReader& reader,
                          Scratch& scratch) const;

  const Ensemble& ensemble_;
  std::vector<Member> members_;  // those first that read least
  std::size_t most_against_;     // with one more there is no alarm
  bool is_settled_by_calm_;      // by those alone that RunningSkyline::is_surely_calm speaks for
};

}  // namespace tocsin::detect
