#include "ingest/collectd/rate_table.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

namespace tocsin::collectd {
namespace {

constexpr std::size_t kFirstSlots = 1024;
// A full table is not searched for forgotten readings more often than this.
constexpr std::uint32_t kSweepPause = 10;

}  // namespace

RateTable::RateTable(RateTableLimits limits, std::uint64_t seed)
    : limits_(limits), seed_(seed), slots_(kFirstSlots) {}

RateTable::Key RateTable::key(std::string_view series) const noexcept {
  return XXH3_64bits_withSeed(series.data(), series.size(), seed_);
}

RateTable::Reading* RateTable::add(Key key, const Lease& lease) {
  if (size_ >= std::min(limits_.max_readings, slots_.size() / 4 * 3) && !make_room(lease.now)) {
    counters_.readings_refused.add(1);
    return nullptr;
  }
  Reading& added = place(key);
  ++size_;
  counters_.readings.set(size_);
  added.key = key;
  added.is_known = false;
  added.expires = 1;  // long ago: whoever adds a reading keeps it
  return &added;
}

RateTable::Lease RateTable::lease(TimePoint now, std::chrono::nanoseconds interval) const noexcept {
  // Halved before it is doubled: intervals are what somebody sent.
  const auto two_intervals = std::min(interval, limits_.max_lifetime / 2) * 2;
  return {stamp(now), stamp(now + std::max(limits_.min_lifetime, two_intervals))};
}

// Doubles the table, or drops what was forgotten once it may not grow. False: still full.
bool RateTable::make_room(std::uint32_t now) {
  const bool may_grow = size_ < limits_.max_readings;
  if (!may_grow) {
    if (swept_ != 0 && now >= swept_ && now - swept_ < kSweepPause) return false;
    swept_ = now;
  }
  std::vector<Reading> old(may_grow ? slots_.size() * 2 : slots_.size());
  old.swap(slots_);
  size_ = 0;
  for (const Reading& reading : old) {
    if (reading.expires < now) continue;
    place(reading.key) = reading;
    ++size_;
  }
  return size_ < limits_.max_readings;
}

}  // namespace tocsin::collectd
