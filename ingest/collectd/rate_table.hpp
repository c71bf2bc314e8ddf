// RateTable: the last reading of each data source, from which the next one makes a rate.
// Open addressing with linear probing; the readings of one list lie next to each other. It doubles
// as it fills, up to a limit. What was not heard of for its lifetime is forgotten: at once for the
// series itself, and for the memory when room is needed. A series for which there is no room is
// counted, and gets no rate.
// Threads: one owner; decoders of the same thread may share one, so that clients that come and go
//          keep their series.
// Cost:    one cache line for a known series. Growing moves everything: some 10 ns per reading.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "ingest/collectd/counters.hpp"
#include "ingest/collectd/value_list.hpp"
#include "tocsin/event.hpp"

namespace tocsin::collectd {

struct RateTableLimits {
  std::size_t max_readings = 262144;                                 // 32 bytes each, times up to 3
  std::chrono::nanoseconds min_lifetime = std::chrono::minutes{10};  // or two intervals, if longer
  std::chrono::nanoseconds max_lifetime = std::chrono::hours{48};
};

class RateTable {
 public:
  // A seeded hash of what makes a series the same one. It stands for the text: of 262144 series two
  // are taken for one with a probability of 2e-9, and would then share their readings.
  using Key = std::uint64_t;

  struct Reading {
    Key key = 0;
    std::uint64_t bits = 0;     // Value::bits
    TimePoint time{};           // by the sender's clock
    std::uint32_t expires = 0;  // by ours, seconds since the epoch; 0: the slot is free
    DsType type = DsType::kGauge;
    bool is_known = false;  // false: new, or forgotten; the caller fills it in
  };
  static_assert(sizeof(Reading) == 32);

  // `seed` should be random, so that nobody can send series that fall into one place.
  RateTable(RateTableLimits limits, std::uint64_t seed);

  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }

  // Of a list. The key of its data source N is N more.
  [[nodiscard]] Key key(std::string_view series) const noexcept;

  // When the readings of a list that arrived now are forgotten, if they are not replaced before.
  struct Lease {
    std::uint32_t now = 1;  // stamps
    std::uint32_t end = 1;
  };
  [[nodiscard]] Lease lease(TimePoint now, std::chrono::nanoseconds interval) const noexcept;

  // The place of a series; null when there is no room. Valid until the next call. Whoever gets it
  // fills it in and keeps it.
  [[nodiscard]] Reading* find_or_add(Key key, const Lease& lease) {
    Reading& found = place(key);
    if (found.expires == 0) return add(key, lease);
    if (found.expires < lease.now) found.is_known = false;
    return &found;
  }
  void fetch(Key key) const noexcept { __builtin_prefetch(&slots_[key & (slots_.size() - 1)], 1); }
  static void keep(Reading& reading, const Lease& lease) noexcept {
    reading.expires = lease.end;
    reading.is_known = true;
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }  // forgotten ones included

  // Of all who use this table.
  [[nodiscard]] Counters& counters() noexcept { return counters_; }

 private:
  // Good to a second, until the year 2116; at least 1.
  [[nodiscard]] static std::uint32_t stamp(TimePoint time) noexcept {
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(
        time.time_since_epoch().count() >> 30, 1, std::numeric_limits<std::uint32_t>::max()));
  }

  // The slot of `key`, or the free one where it belongs. There is always a free one.
  [[nodiscard]] Reading& place(Key key) noexcept {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = key & mask;
    while (slots_[at].expires != 0 && slots_[at].key != key) at = (at + 1) & mask;
    return slots_[at];
  }
  [[nodiscard]] Reading* add(Key key, const Lease& lease);
  [[nodiscard]] bool make_room(std::uint32_t now);

  // Fixed after construction.
  RateTableLimits limits_;
  std::uint64_t seed_;

  std::vector<Reading> slots_;  // a power of two of them, at most three quarters in use
  std::size_t size_ = 0;
  std::uint32_t swept_ = 0;  // when forgotten readings were last looked for in a full table
  Counters counters_;
};

}  // namespace tocsin::collectd
