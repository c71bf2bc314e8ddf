#include "src/detect/running_ensemble.hpp"

#include <algorithm>

namespace tocsin::detect {

RunningEnsemble::RunningEnsemble(const Ensemble& ensemble) : ensemble_(ensemble) {
  const auto detectors = ensemble.detectors();
  for (std::size_t i = 0; i < detectors.size(); ++i) {
    members_.push_back({i, find_running_detector(detectors[i])});
  }
  // Running detectors stand in the order of their cost; what has no running form costs most.
  const auto cost = [](const Member& member) {
    return member.running == nullptr
               ? running_skyline().size()
               : static_cast<std::size_t>(member.running - running_skyline().data());
  };
  std::stable_sort(members_.begin(), members_.end(),
                   [&](const Member& a, const Member& b) { return cost(a) < cost(b); });
}

Vote RunningEnsemble::ask(const Member& member, RunningSkyline& state, WindowReader& reader,
                          Scratch& scratch) const {
  if (member.running != nullptr) return member.running->judge(state, reader, scratch);
  return ensemble_.detectors()[member.place].judge(reader.whole(), scratch);
}

bool RunningEnsemble::decide(RunningSkyline& state, WindowReader& reader, Scratch& scratch) const {
  if (state.skip() != Skip::kNone) return false;
  // An alarm needs this many, and ends with one more against it.
  const bool by_quorum = ensemble_.rule() == Consensus::kQuorum;
  const std::size_t quorum = ensemble_.quorum();
  const std::size_t most_against = members_.size() - quorum;
  std::size_t fired = 0;
  std::size_t against = 0;
  for (const Member& member : members_) {
    const Vote vote = ask(member, state, reader, scratch);
    if (vote.fired) {
      ++fired;
    } else if (by_quorum || !vote.abstained) {
      ++against;
    }
    if (against > most_against) return false;
    if (by_quorum && fired >= quorum) return true;
  }
  return true;
}

Verdict RunningEnsemble::judge(RunningSkyline& state, WindowReader& reader,
                               Scratch& scratch) const {
  std::array<Vote, kMaxDetectors> votes;
  for (const Member& member : members_) {
    votes[member.place] = ask(member, state, reader, scratch);
  }
  return ensemble_.count(std::span(votes).first(members_.size()), state.newest(), state.skip());
}

}  // namespace tocsin::detect
