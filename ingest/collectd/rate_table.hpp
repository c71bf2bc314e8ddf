// RateTable: the last reading of each data source, from which the next one makes a rate.
// Readings stand in the order in which they came, so that those of one sender lie next to each
// other and are read one after the other when it sends again; whoever remembers the place of one
// has it without a search. The search is a table of places, with linear probing. Both double as
// they fill, up to a limit. What was not heard of for its lifetime is forgotten: at once for the
// series itself, and for the memory when room is needed; places change then. A series for which
// there is no room is counted, and gets no rate.
// Threads: one owner; decoders of the same thread may share one, so that clients that come and go
//          keep their series.
// Cost:    a comparison where the place is known, else two cache lines. Growing moves everything:
//          some 10 ns per reading.
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
  std::size_t max_readings = 262144;  // 48 bytes each, 64 while it grows
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
    std::uint32_t expires = 0;  // by ours, seconds since the epoch
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

  // Where a reading stands, until places change.
  using Place = std::uint32_t;
  static constexpr Place kNowhere = std::numeric_limits<Place>::max();

  // The reading of a series; null when there is no room. Valid until the next call. Whoever gets it
  // fills it in and keeps it. `place`: where it may stand; then where it does.
  [[nodiscard]] Reading* find_or_add(Key key, const Lease& lease, Place& place) {
    if (place >= size_ || readings_[place].key != key) {
      place = find(key);
      if (place == kNowhere) return add(key, lease, place);
    }
    Reading& found = readings_[place];
    if (found.expires < lease.now) found.is_known = false;
    return &found;
  }
  [[nodiscard]] Reading* find_or_add(Key key, const Lease& lease) {
    Place anywhere = kNowhere;
    return find_or_add(key, lease, anywhere);
  }
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

  struct Slot {
    std::uint32_t number = 0;  // of the reading, counted from 1; 0: the slot is free
    std::uint32_t tag = 0;     // the upper half of its key
  };

  // The slot of `key`, or the free one where it belongs. There is always a free one.
  [[nodiscard]] Slot& slot(Key key) noexcept;
  [[nodiscard]] Place find(Key key) noexcept;  // or kNowhere
  [[nodiscard]] Reading* add(Key key, const Lease& lease, Place& place);
  [[nodiscard]] bool make_room(std::uint32_t now);

  // Fixed after construction.
  RateTableLimits limits_;
  std::uint64_t seed_;

  std::vector<Reading> readings_;
  Place size_ = 0;           // of them
  std::vector<Slot> slots_;  // a power of two of them, at most three quarters in use
  std::uint32_t swept_ = 0;  // when forgotten readings were last looked for in a full table
  Counters counters_;
};

}  // namespace tocsin::collectd
