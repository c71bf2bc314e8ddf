#include "src/publish/spool.hpp"

#include <cassert>
#include <utility>

namespace tocsin::publish {

bool Spool::has_room(std::size_t more_bytes, bool urgent) const noexcept {
  const std::size_t limit = urgent ? max_bytes_ : max_bytes_ - max_bytes_ / 8;
  return counters_.bytes + more_bytes <= limit;
}

void Spool::put(const Record& record) {
  ++counters_.accepted;
  if (const auto found = by_name_.find(RecordName(record)); found != by_name_.end()) {
    replace(found->second, record);
    return;
  }
  const std::size_t bytes = footprint_bytes(record);
  if (!has_room(bytes, record.urgent)) {
    ++counters_.dropped;
    return;
  }
  Lane& lane = lane_of(record);
  lane.push_back(Entry{record});
  const auto entry = std::prev(lane.end());
  by_name_.emplace(RecordName(entry->record), entry);
  counters_.bytes += bytes;
  ++counters_.pending;
}

void Spool::replace(Lane::iterator entry, const Record& record) {
  const std::size_t before = footprint_bytes(entry->record);
  const std::size_t after = footprint_bytes(record);
  if (after > before && !has_room(after - before, record.urgent)) {
    ++counters_.dropped;
    return;
  }
  counters_.bytes += after;
  counters_.bytes -= before;
  if (entry->sent && !entry->newer) {
    entry->newer = true;
    ++counters_.pending;  // the value that was sent and this one
  } else {
    ++counters_.superseded;
  }
  // Key and member are the same bytes and stay in place: the index views them.
  entry->record.value = record.value;
  entry->record.ttl = record.ttl;
}

const Record* Spool::take_next() {
  Lane& lane = urgent_.empty() ? ordinary_ : urgent_;
  if (lane.empty()) return nullptr;
  under_way_.splice(under_way_.end(), lane, lane.begin());
  Entry& entry = under_way_.back();
  entry.sent = true;
  return &entry.record;
}

void Spool::settle_front() {
  assert(!under_way_.empty());
  --counters_.pending;
  Entry& entry = under_way_.front();
  if (entry.newer) {
    entry.sent = entry.newer = false;
    Lane& lane = lane_of(entry.record);
    lane.splice(lane.end(), under_way_, under_way_.begin());
    return;
  }
  counters_.bytes -= footprint_bytes(entry.record);
  by_name_.erase(RecordName(entry.record));
  under_way_.pop_front();
}

void Spool::settle_stored() {
  settle_front();
  ++counters_.stored;
}

void Spool::settle_refused() {
  settle_front();
  ++counters_.refused;
}

void Spool::return_all() {
  while (!under_way_.empty()) {
    const auto last = std::prev(under_way_.end());
    if (last->newer) {  // the older value will never be sent again
      ++counters_.superseded;
      --counters_.pending;
    }
    last->sent = last->newer = false;
    Lane& lane = lane_of(last->record);
    lane.splice(lane.begin(), under_way_, last);
  }
}

}  // namespace tocsin::publish
