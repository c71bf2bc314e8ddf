#include "src/app/kept_events.hpp"

#include <cstring>

#include "src/event/compact_form.hpp"

namespace tocsin::app {

using series::Arena;
using series::SeriesIndex;

bool KeptEvents::keep(SeriesIndex series, std::string_view bytes) {
  Kept& kept = events_[series];
  // An event of about the length of the last one takes its place.
  if (kept.block == Arena::kNone ||
      Arena::rounded_bytes(kept.length) != Arena::rounded_bytes(bytes.size())) {
    if (bytes.size() > Arena::kMaxBlockBytes) return false;
    const Arena::Ref block = arena_.allocate(bytes.size());
    if (block == Arena::kNone) return false;
    if (kept.block != Arena::kNone) arena_.release(kept.block, kept.length);
    kept.block = block;
  }
  std::memcpy(arena_.at(kept.block), bytes.data(), bytes.size());
  kept.length = static_cast<std::uint32_t>(bytes.size());
  const event::EventHead head = event::event_head(bytes);
  if (!head.ttl) return true;
  // Events that come often move their end on and on; it is enough to look at the first one given.
  const TimePoint end = head.time + *head.ttl;
  if (kept.deadline == TimePoint{} || end < kept.deadline) {
    deadlines_.push({end, series});
    kept.deadline = end;
  }
  return true;
}

std::string_view KeptEvents::find(SeriesIndex series) const {
  const auto kept = events_.find(series);
  if (kept == events_.end() || kept->second.block == Arena::kNone) return {};
  return {reinterpret_cast<const char*>(arena_.at(kept->second.block)), kept->second.length};
}

void KeptEvents::forget(SeriesIndex series) {
  const auto kept = events_.find(series);
  if (kept == events_.end()) return;
  if (kept->second.block != Arena::kNone) {
    arena_.release(kept->second.block, kept->second.length);
  }
  events_.erase(kept);
}

bool KeptEvents::pass_deadline(TimePoint now) {
  const auto [at, series] = deadlines_.top();
  deadlines_.pop();
  const auto kept = events_.find(series);
  if (kept == events_.end() || kept->second.deadline != at) return false;
  kept->second.deadline = {};
  const event::EventHead head = event::event_head(find(series));
  if (!head.ttl) return false;
  const TimePoint end = head.time + *head.ttl;
  if (end < now) return true;
  deadlines_.push({end, series});
  kept->second.deadline = end;
  return false;
}

}  // namespace tocsin::app
