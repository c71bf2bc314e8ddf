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
    if (voter.remembers()) members_.push_back({voter.name, voter.make, nullptr});
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
    const auto same = std::ranges::find(earlier.members_, members_[i].name, &Member::name);
    if (same == earlier.members_.end()) continue;
    members_[i].mind = std::move(same->mind);
    votes_[i] = earlier.votes_[static_cast<std::size_t>(same - earlier.members_.begin())];
  }
}

void Memories::make() {
  for (Member& member : members_) {
    if (member.mind != nullptr) continue;
    member.mind = std::make_unique<Mind>(
        Mind{member.make(), Charge(*account_), -std::numeric_limits<double>::infinity()});
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
    if (members_.size() > 1) text += std::string(members_[i].name) + ": ";
    text += members_[i].mind->detector->reason();
  }
  return text;
}

}  // namespace tocsin::app
