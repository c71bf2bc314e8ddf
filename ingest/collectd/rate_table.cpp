#include "ingest/collectd/rate_table.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <utility>

namespace tocsin::collectd {
namespace {

constexpr std::size_t kFirstSlots = 1024;
// A full table is not searched for forgotten readings more often than this.
constexpr auto kSweepPause = std::chrono::seconds{10};

}  // namespace

RateTable::RateTable(RateTableLimits limits, std::uint64_t seed)
    : limits_(limits), seed_(seed), slots_(kFirstSlots) {}

RateTable::Key RateTable::key(std::string_view series) const noexcept {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(series.data(), series.size(), seed_);
  return {hash.low64, hash.high64};
}

RateTable::Reading* RateTable::find_or_add(const Key& key, TimePoint now) {
  Reading* found = &place(key);
  if (found->expires != TimePoint{}) {
    if (found->expires < now) found->is_known = false;
    return found;
  }
  if (size_ >= std::min(limits_.max_readings, slots_.size() / 4 * 3)) {
    if (!make_room(now)) {
      ++turned_away_;
      return nullptr;
    }
    found = &place(key);
  }
  ++size_;
  found->key = key;
  found->is_known = false;
  // Whoever adds a reading keeps it; until then it takes its place and is forgotten.
  found->expires = TimePoint::min();
  return found;
}

void RateTable::keep(Reading& reading, TimePoint now,
                     std::chrono::nanoseconds interval) const noexcept {
  // Halved before it is doubled: intervals are what somebody sent.
  const auto two_intervals = std::min(interval, limits_.max_lifetime / 2) * 2;
  const TimePoint expires = now + std::max(limits_.min_lifetime, two_intervals);
  reading.expires = expires == TimePoint{} ? TimePoint::min() : expires;
  reading.is_known = true;
}

// The slot of `key`, or the free one where it belongs. There is always a free one.
RateTable::Reading& RateTable::place(const Key& key) noexcept {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = key.low & mask;; at = (at + 1) & mask) {
    Reading& slot = slots_[at];
    if (slot.expires == TimePoint{} || slot.key == key) return slot;
  }
}

// Doubles the table, or drops what was forgotten once it may not grow. False: still full.
bool RateTable::make_room(TimePoint now) {
  const bool may_grow = size_ < limits_.max_readings;
  if (!may_grow) {
    if (swept_ != TimePoint{} && now < swept_ + kSweepPause && now >= swept_) return false;
    swept_ = now;
  }
  std::vector<Reading> old(may_grow ? slots_.size() * 2 : slots_.size());
  old.swap(slots_);
  size_ = 0;
  for (const Reading& reading : old) {
    if (reading.expires == TimePoint{} || reading.expires < now) continue;
    place(reading.key) = reading;
    ++size_;
  }
  return size_ < limits_.max_readings;
}

}  // namespace tocsin::collectd
