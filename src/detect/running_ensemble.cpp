#include "src/detect/running_ensemble.hpp"

#include <algorithm>

namespace tocsin::detect {

RunningEnsemble::RunningEnsemble(const Ensemble& ensemble) : ensemble_(ensemble) {
  const std::span<const Voter> voters = ensemble.detectors();
  std::size_t remembering = 0;
  for (std::size_t i = 0; i < voters.size(); ++i) {
    const bool remembers = voters[i].remembers();
    members_.push_back({i, remembers ? nullptr : find_running_detector(voters[i].judge),
                        remembers ? remembering++ : kNone});
  }
  // Who remembers has voted. Running detectors stand in the order of their cost; what has no
  // running form costs most.
  const auto cost = [](const Member& member) -> std::size_t {
    if (member.remembered != kNone) return 0;
    if (member.running == nullptr) return 1 + running_skyline().size();
    return 1 + static_cast<std::size_t>(member.running - running_skyline().data());
  };
  std::stable_sort(members_.begin(), members_.end(),
                   [&](const Member& a, const Member& b) { return cost(a) < cost(b); });
}

Vote RunningEnsemble::ask(const Member& member, const Question& question) const {
  if (member.remembered != kNone) return question.remembered[member.remembered];
  if (question.skipped) {
    Vote abstention;
    abstention.abstained = true;
    return abstention;
  }
  if (member.running != nullptr) {
    return member.running->judge(question.state, question.reader, question.scratch);
  }
  return ensemble_.detectors()[member.place].judge(question.reader.whole(), question.scratch);
}

bool RunningEnsemble::is_silent(Skip skip) const {
  return skip != Skip::kNone && members_.front().remembered == kNone;
}

bool RunningEnsemble::decide(RunningSkyline& state, WindowReader& reader, Scratch& scratch,
                             std::span<const Vote> remembered) const {
  const Skip skip = state.skip();
  if (is_silent(skip)) return false;
  const Question question{remembered, state, reader, scratch, skip != Skip::kNone};
  // An alarm needs this weight, and ends with more than the rest of it against.
  const bool by_quorum = ensemble_.rule() == Consensus::kQuorum;
  const std::size_t quorum = ensemble_.quorum();
  const std::size_t most_against = ensemble_.weight() - quorum;
  std::size_t fired = 0;
  std::size_t against = 0;
  for (const Member& member : members_) {
    const Vote vote = ask(member, question);
    const std::size_t weight = ensemble_.detectors()[member.place].weight;
    if (vote.fired) {
      fired += weight;
    } else if (by_quorum || !vote.abstained) {
      against += weight;
    }
    if (against > most_against) return false;
    if (by_quorum && fired >= quorum) return true;
  }
  return true;
}

Verdict RunningEnsemble::judge(RunningSkyline& state, WindowReader& reader, Scratch& scratch,
                               std::span<const Vote> remembered) const {
  const Skip skip = state.skip();
  const Question question{remembered, state, reader, scratch,
                          skip != Skip::kNone && !is_silent(skip)};
  std::array<Vote, kMaxDetectors> votes;
  for (const Member& member : members_) votes[member.place] = ask(member, question);
  return ensemble_.count(std::span(votes).first(members_.size()), state.newest(),
                         question.skipped ? Skip::kNone : skip);
}

}  // namespace tocsin::detect
