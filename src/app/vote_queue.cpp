#include "src/app/vote_queue.hpp"

#include <algorithm>

namespace tocsin::app {
namespace {

// No vote is put off for longer, as far as there is time at all.
constexpr series::Slot kLongestWait_s = 60;
// One in so many turns goes to who has waited for that long.
constexpr std::uint32_t kTurnsOfOverdue = 4;

}  // namespace

// The turn of who has waited so many windows comes in the next, which is part of the wait.
VoteQueue::VoteQueue(std::uint32_t step_s)
    : patience_(std::max<series::Slot>(kLongestWait_s / step_s - 1, 1)) {}

bool VoteQueue::push(series::SeriesIndex series, rules::Priority priority, series::Slot window) {
  if (places_.size() <= series) places_.resize(series + 1);
  Place& place = places_[series];
  const bool waited = place.ticket != kNone;
  if (!waited) {
    place.since = window;
    ++size_;
  }
  if (!waited || priority < place.priority) enter(series, place, priority);
  return !waited;
}

void VoteQueue::enter(series::SeriesIndex series, Place& place, rules::Priority priority) {
  place.ticket = ++last_ticket_;
  place.priority = priority;
  lines_[static_cast<std::size_t>(priority)].push_back({{series, place.since}, place.ticket});
}

std::optional<VoteQueue::Turn> VoteQueue::next(series::Slot window) {
  for (Line& line : lines_) {
    while (!line.empty() && places_[line.front().turn.series].ticket != line.front().ticket) {
      line.pop_front();
    }
  }
  Line* const line = choose(window);
  if (line == nullptr) return std::nullopt;
  const Turn turn = line->front().turn;
  line->pop_front();
  (void)forget(turn.series);
  ++turns_;
  return turn;
}

bool VoteQueue::forget(series::SeriesIndex series) {
  if (series >= places_.size() || places_[series].ticket == kNone) return false;
  places_[series].ticket = kNone;
  --size_;
  return true;
}

VoteQueue::Line* VoteQueue::overdue(series::Slot window) {
  Line* longest = nullptr;
  for (Line& line : lines_) {
    if (line.empty() || line.front().turn.since > window - patience_) continue;
    if (longest == nullptr || line.front().turn.since < longest->front().turn.since) {
      longest = &line;
    }
  }
  return longest;
}

VoteQueue::Line* VoteQueue::choose(series::Slot window) {
  const auto waiting = std::ranges::find_if_not(lines_, &Line::empty);
  if (waiting == lines_.end()) return nullptr;
  Line* const late = overdue(window);
  // What has waited too long is ahead of all that is not important.
  const bool important = waiting == lines_.begin();
  const bool is_its_turn = !important || turns_ % kTurnsOfOverdue == 0;
  return late != nullptr && is_its_turn ? late : &*waiting;
}

}  // namespace tocsin::app
