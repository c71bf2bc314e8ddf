#include "src/publish/embedded/live_records.hpp"

namespace tocsin::publish {

bool LiveRecords::has_room(std::size_t more_bytes, bool urgent) const noexcept {
  const std::size_t limit = urgent ? max_bytes_ : max_bytes_ - max_bytes_ / 8;
  return bytes_ + more_bytes <= limit;
}

const StoredRecord* LiveRecords::put(const Record& record, TimePoint expires) {
  const auto found = by_name_.find(RecordName(record));
  const std::size_t before =
      found == by_name_.end() ? 0 : footprint_bytes(found->second->stored.record);
  const std::size_t after = footprint_bytes(record);
  if (after > before && !has_room(after - before, record.urgent)) return nullptr;
  return &write(StoredRecord{record, expires});
}

void LiveRecords::restore(StoredRecord stored) {
  write(std::move(stored));
}

const StoredRecord& LiveRecords::write(StoredRecord stored) {
  const auto found = by_name_.find(RecordName(stored.record));
  if (found == by_name_.end()) {
    auto entry = std::make_unique<Entry>(Entry{std::move(stored)});
    account(entry->stored.record);
    time(*entry);
    const StoredRecord& held = entry->stored;
    by_name_.emplace(RecordName(held.record), std::move(entry));
    return held;
  }
  Entry& entry = *found->second;
  unaccount(entry.stored.record);
  // Key and member are the same bytes and stay in place: the index views them.
  entry.stored.record.value = std::move(stored.record.value);
  entry.stored.expires = stored.expires;
  account(entry.stored.record);
  time(entry);
  return entry.stored;
}

void LiveRecords::time(Entry& entry) {
  if (entry.timed || entry.stored.expires == kNever) return;
  due_.emplace(entry.stored.expires, &entry);
  entry.timed = true;
}

std::size_t LiveRecords::expire(TimePoint now) {
  std::size_t expired = 0;
  // Every entry in due_ is alive: only this loop removes entries, and takes them out of due_ first.
  while (!due_.empty() && due_.top().first <= now) {
    Entry& entry = *due_.top().second;
    due_.pop();
    entry.timed = false;
    if (entry.stored.expires > now) {  // rewritten meanwhile
      time(entry);
      continue;
    }
    unaccount(entry.stored.record);
    by_name_.erase(by_name_.find(RecordName(entry.stored.record)));
    ++expired;
  }
  return expired;
}

const StoredRecord* LiveRecords::find(std::string_view value_key) const {
  const auto found = by_name_.find(RecordName(value_key));
  return found == by_name_.end() ? nullptr : &found->second->stored;
}

void LiveRecords::for_each(const std::function<void(const StoredRecord&)>& visit) const {
  for (const auto& [name, entry] : by_name_) visit(entry->stored);
}

void LiveRecords::account(const Record& record) noexcept {
  bytes_ += footprint_bytes(record);
  frame_bytes_ += publish::frame_bytes(record);
}

void LiveRecords::unaccount(const Record& record) noexcept {
  bytes_ -= footprint_bytes(record);
  frame_bytes_ -= publish::frame_bytes(record);
}

}  // namespace tocsin::publish
