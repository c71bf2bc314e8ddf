#include "src/detect/running_ensemble.hpp"

#include <algorithm>
#include <array>

namespace tocsin::detect {

RunningEnsemble::RunningEnsemble(const Ensemble& ensemble)
    : ensemble_(ensemble), most_against_(ensemble.weight() - ensemble.quorum()) {
  const std::span<const Voter> voters = ensemble.detectors();
  std::size_t remembering = 0;
  for (std::size_t i = 0; i < voters.size(); ++i) {
    const bool remembers = voters[i].remembers();
    members_.push_back({i, voters[i].weight,
                        remembers ? nullptr : find_running_detector(voters[i].judge),
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
  std::size_t calm = 0;
  for (const Member& member : members_) {
    if (member.running != nullptr && member.running->says_no_when_calm) calm += member.weight;
  }
  is_settled_by_calm_ = calm > most_against_;
}

std::optional<Vote> RunningEnsemble::recall(const Member& member, const Question& question) {
  if (member.remembered != kNone) return question.remembered[member.remembered];
  if (question.skipped) {
    Vote abstention;
    abstention.abstained = true;
    return abstention;
  }
  const RunningDetector* const running = member.running;
  if (running == nullptr || running->recall == nullptr) return std::nullopt;
  return running->recall(question.state, question.reader);
}

Vote RunningEnsemble::read(const Member& member, const Question& question) const {
  if (member.running == nullptr) {
    return ensemble_.detectors()[member.place].judge(question.reader.whole(), question.scratch);
  }
  return member.running->read(*member.running, question.state, question.reader, question.scratch);
}

bool RunningEnsemble::decide(RunningSkyline& state, WindowReader& reader, Scratch& scratch,
                             std::span<const Vote> remembered) const {
  Ballot ballot;
  return decide(state, reader, scratch, remembered, ballot);
}

bool RunningEnsemble::decide(RunningSkyline& state, WindowReader& reader, Scratch& scratch,
                             std::span<const Vote> remembered, Ballot& ballot) const {
  ballot.in.reset();
  const bool skipped = state.skip() != Skip::kNone;
  if (skipped && remembered.empty()) return false;
  if (!skipped) {
    if (is_settled_by_calm_ && state.is_surely_calm()) return false;
    state.mend(reader);
  }
  const Question question{state, reader, scratch, remembered, skipped};
  const bool by_quorum = ensemble_.rule() == Consensus::kQuorum;
  std::size_t fired = 0;
  std::size_t against = 0;
  const auto count = [&](const Member& member, const Vote& vote) {
    ballot.votes[member.place] = vote;
    ballot.in.set(member.place);
    if (vote.fired) {
      fired += member.weight;
    } else if (by_quorum || !vote.abstained) {
      against += member.weight;
    }
    return against > most_against_ || (by_quorum && fired >= ensemble_.quorum());
  };
  std::array<const Member*, kMaxDetectors> unknown;
  std::size_t unknowns = 0;
  for (const Member& member : members_) {
    const std::optional<Vote> vote = recall(member, question);
    if (!vote) {
      unknown[unknowns++] = &member;
    } else if (count(member, *vote)) {
      return against <= most_against_;
    }
  }
  for (const Member* const member : std::span(unknown).first(unknowns)) {
    if (count(*member, read(*member, question))) return against <= most_against_;
  }
  return true;
}

Verdict RunningEnsemble::judge(RunningSkyline& state, WindowReader& reader, Scratch& scratch,
                               std::span<const Vote> remembered) const {
  Ballot ballot;
  return judge(state, reader, scratch, remembered, ballot);
}

Verdict RunningEnsemble::judge(RunningSkyline& state, WindowReader& reader, Scratch& scratch,
                               std::span<const Vote> remembered, Ballot& ballot) const {
  const Skip skip = state.skip();
  const bool skipped = skip != Skip::kNone && !remembered.empty();
  if (!skipped) state.mend(reader);
  const Question question{state, reader, scratch, remembered, skipped};
  for (const Member& member : members_) {
    if (ballot.in.test(member.place)) continue;
    const std::optional<Vote> vote = recall(member, question);
    ballot.votes[member.place] = vote ? *vote : read(member, question);
    ballot.in.set(member.place);
  }
  return ensemble_.count(std::span(ballot.votes).first(members_.size()), state.newest(),
                         skipped ? Skip::kNone : skip);
}

}  // namespace tocsin::detect
