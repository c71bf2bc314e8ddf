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
    : limits_(limits), seed_(seed), slots_(kFirstSlots) {
  readings_.reserve(std::min(limits_.max_readings, kFirstSlots));
}

RateTable::Key RateTable::key(std::string_view series) const noexcept {
  return XXH3_64bits_withSeed(series.data(), series.size(), seed_);
}

RateTable::Slot& RateTable::slot(Key key) noexcept {
  const auto tag = static_cast<std::uint32_t>(key >> 32);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = key & mask;; at = (at + 1) & mask) {
    Slot& found = slots_[at];
    if (found.number == 0) return found;
    if (found.tag == tag && readings_[found.number - 1].key == key) return found;
  }
}

RateTable::Place RateTable::find(Key key) noexcept {
  static_assert(kNowhere == Place{0} - 1);  // of a free slot
  return slot(key).number - 1;
}

RateTable::Reading* RateTable::add(Key key, const Lease& lease, Place& place) {
  const std::size_t room = std::min(limits_.max_readings, slots_.size() / 4 * 3);
  if (size_ >= room && !make_room(lease.now)) {
    counters_.readings_refused.add(1);
    return nullptr;
  }
  if (size_ == readings_.capacity()) {
    readings_.reserve(std::min(limits_.max_readings, std::size_t{size_} * 2));
  }
  place = size_++;
  slot(key) = {size_, static_cast<std::uint32_t>(key >> 32)};
  Reading& added = readings_.emplace_back();
  added.key = key;
  added.expires = 1;  // long ago: whoever adds a reading keeps it
  counters_.readings.set(size_);
  return &added;
}

RateTable::Lease RateTable::lease(TimePoint now, std::chrono::nanoseconds interval) const noexcept {
  // Halved before it is doubled: intervals are what somebody sent.
  const auto two_intervals = std::min(interval, limits_.max_lifetime / 2) * 2;
  return {stamp(now), stamp(now + std::max(limits_.min_lifetime, two_intervals))};
}

// Drops what was forgotten, and doubles the slots as long as the table may grow. False: still full.
bool RateTable::make_room(std::uint32_t now) {
  const bool may_grow = size_ < limits_.max_readings;
  if (!may_grow) {
    if (swept_ != 0 && now >= swept_ && now - swept_ < kSweepPause) return false;
    swept_ = now;
  }
  std::erase_if(readings_, [&](const Reading& reading) { return reading.expires < now; });
  slots_.assign(may_grow ? slots_.size() * 2 : slots_.size(), Slot());
  size_ = 0;
  for (const Reading& reading : readings_) {
    slot(reading.key) = {++size_, static_cast<std::uint32_t>(reading.key >> 32)};
  }
  return size_ < limits_.max_readings;
}

}  // namespace tocsin::collectd
