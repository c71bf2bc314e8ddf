#include "src/app/memories.hpp"

#include <algorithm>
#include <limits>

namespace tocsin::app {
namespace {

// After so many points a detector is asked again what it holds.
constexpr std::uint32_t kChargeEvery = 64;

}  // namespace

Memories::Memories(const detect::Ensemble& ensemble, MemoryAccount& account) : account_(&account) {
  for (const detect::Voter& voter : ensemble.detectors()) {
    if (voter.remembers()) members_.push_back({voter, nullptr});
  }
  Vote abstention;
  abstention.abstained = true;
  votes_.assign(members_.size(), abstention);
}

bool Memories::ready() const noexcept {
  return std::ranges::none_of(members_, [](const Member& m) { return m.mind == nullptr; });
}

void Memories::take_over(Memories& earlier) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const detect::Voter& voter = members_[i].voter;
    const auto same = std::ranges::find_if(
        earlier.members_, [&](const Member& m) { return m.voter.name == voter.name; });
    if (same == earlier.members_.end() || same->mind == nullptr) continue;
    members_[i].mind = std::move(same->mind);
    if (voter.options != same->voter.options) {
      std::string state;
      members_[i].mind->detector->save(state);
      members_[i].mind->detector = voter.make(voter.options);
      // Of what it has just saved itself: it cannot fail.
      (void)members_[i].mind->detector->restore(state);
    }
    votes_[i] = earlier.votes_[static_cast<std::size_t>(same - earlier.members_.begin())];
  }
}

void Memories::make() {
  for (Member& member : members_) {
    if (member.mind != nullptr) continue;
    member.mind =
        std::make_unique<Mind>(Mind{member.voter.make(member.voter.options), Charge(*account_),
                                    -std::numeric_limits<double>::infinity()});
    member.mind->charge.set(member.mind->detector->memory_bytes());
  }
}

void Memories::update(const Point& point) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    Mind& mind = *members_[i].mind;
    if (point.time_s <= mind.last_s) continue;
    mind.last_s = point.time_s;
    votes_[i] = mind.detector->update(point);
    if (++mind.points % kChargeEvery == 0) mind.charge.set(mind.detector->memory_bytes());
  }
}

bool Memories::any_fired() const noexcept {
  return std::ranges::any_of(votes_, &Vote::fired);
}

std::string Memories::reasons() const {
  std::string text;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (!votes_[i].fired) continue;
    if (!text.empty()) text += "; ";
    if (members_.size() > 1) text += std::string(members_[i].voter.name) + ": ";
    text += members_[i].mind->detector->reason();
  }
  return text;
}

}  // namespace tocsin::app
