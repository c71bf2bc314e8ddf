#include "src/detect/running_ensemble.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace tocsin::detect {
namespace {

std::optional<Vote> recall(const RunningDetector* detector, const RunningSkyline& state,
                           const WindowReader& reader) {
  if (detector == nullptr || detector->recall == nullptr) return std::nullopt;
  return detector->recall(state, reader);
}

}  // namespace

RunningEnsemble::RunningEnsemble(const Ensemble& ensemble)
    : ensemble_(ensemble), most_against_(ensemble.detectors().size() - ensemble.quorum()) {
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
  const auto calm = std::count_if(members_.begin(), members_.end(), [](const Member& member) {
    return member.running != nullptr && member.running->says_no_when_calm;
  });
  is_settled_by_calm_ = static_cast<std::size_t>(calm) > most_against_;
}

Vote RunningEnsemble::read(const Member& member, RunningSkyline& state, WindowReader& reader,
                           Scratch& scratch) const {
  if (member.running == nullptr) {
    return ensemble_.detectors()[member.place].judge(reader.whole(), scratch);
  }
  return member.running->read(*member.running, state, reader, scratch);
}

bool RunningEnsemble::decide(RunningSkyline& state, WindowReader& reader, Scratch& scratch) const {
  if (state.skip() != Skip::kNone) return false;
  if (is_settled_by_calm_ && state.is_surely_calm()) return false;
  state.mend(reader);
  const bool by_quorum = ensemble_.rule() == Consensus::kQuorum;
  std::size_t fired = 0;
  std::size_t against = 0;
  const auto count = [&](const Vote& vote) {
    if (vote.fired) {
      ++fired;
    } else if (by_quorum || !vote.abstained) {
      ++against;
    }
    return against > most_against_ || (by_quorum && fired >= ensemble_.quorum());
  };
  std::array<const Member*, kMaxDetectors> unknown;
  std::size_t unknowns = 0;
  for (const Member& member : members_) {
    const std::optional<Vote> vote = recall(member.running, state, reader);
    if (!vote) {
      unknown[unknowns++] = &member;
    } else if (count(*vote)) {
      return against <= most_against_;
    }
  }
  for (const Member* const member : std::span(unknown).first(unknowns)) {
    if (count(read(*member, state, reader, scratch))) return against <= most_against_;
  }
  return true;
}

Verdict RunningEnsemble::judge(RunningSkyline& state, WindowReader& reader,
                               Scratch& scratch) const {
  state.mend(reader);
  std::array<Vote, kMaxDetectors> votes;
  for (const Member& member : members_) {
    const std::optional<Vote> vote = recall(member.running, state, reader);
    votes[member.place] = vote ? *vote : read(member, state, reader, scratch);
  }
  return ensemble_.count(std::span(votes).first(members_.size()), state.newest(), state.skip());
}

}  // namespace tocsin::detect
