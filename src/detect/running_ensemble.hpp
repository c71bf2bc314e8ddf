// RunningEnsemble: an ensemble whose votes come from running state. Detectors are asked no longer
// than the outcome is open: first what they can say from the state alone, which for nearly all
// points is enough, since four of Skyline's nine say no; then those that must read, the cheapest
// first. Voters that remember have voted already: `remembered` are their votes, in the order of the
// ensemble.
// Output:  decide() is Verdict::alarming of Ensemble::judge on the same window; judge() all of it,
//          with numbers that may differ by rounding. What Skyline would have skipped alarms only
//          when there are voters that remember; the others abstain from it.
// Threads: immutable; share it. Borrows the ensemble.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "src/detect/ensemble.hpp"
#include "src/detect/running_skyline.hpp"

namespace tocsin::detect {

// The votes that are in on a point, by their place in the ensemble.
struct Ballot {
  std::array<Vote, kMaxDetectors> votes;
  std::bitset<kMaxDetectors> in;
};

class RunningEnsemble {
 public:
  explicit RunningEnsemble(const Ensemble& ensemble);
  RunningEnsemble(Ensemble&&) = delete;

  // Whether the newest point is alarming. `ballot` becomes the votes that this took.
  [[nodiscard]] bool decide(RunningSkyline& state, WindowReader& reader, Scratch& scratch,
                            std::span<const Vote> remembered, Ballot& ballot) const;
  [[nodiscard]] bool decide(RunningSkyline& state, WindowReader& reader, Scratch& scratch,
                            std::span<const Vote> remembered = {}) const;
  // The whole vote: for the explanation of an alarm. Votes that `ballot` has of this very point are
  // not held again; it becomes complete.
  [[nodiscard]] Verdict judge(RunningSkyline& state, WindowReader& reader, Scratch& scratch,
                              std::span<const Vote> remembered, Ballot& ballot) const;
  [[nodiscard]] Verdict judge(RunningSkyline& state, WindowReader& reader, Scratch& scratch,
                              std::span<const Vote> remembered = {}) const;

 private:
  struct Member {
    std::size_t place;               // in the ensemble
    std::size_t weight;              // of its vote
    const RunningDetector* running;  // null: it has no running form and reads the whole window
    std::size_t remembered;          // whose vote is its own; kNone: it judges the window
  };
  static constexpr std::size_t kNone = SIZE_MAX;

  // What a vote is made of. `skipped`: those who judge the window abstain.
  struct Question {
    RunningSkyline& state;
    WindowReader& reader;
    Scratch& scratch;
    std::span<const Vote> remembered;
    bool skipped;
  };
  // What can be said without reading the window.
  [[nodiscard]] static std::optional<Vote> recall(const Member& member, const Question& question);
  [[nodiscard]] Vote read(const Member& member, const Question& question) const;

  const Ensemble& ensemble_;
  std::vector<Member> members_;  // those first that read least
  std::size_t most_against_;     // a larger weight prevents an alarm
  bool is_settled_by_calm_;      // by those alone that RunningSkyline::is_surely_calm speaks for
};

}  // namespace tocsin::detect
