// RateTable: the last reading of each data source, from which the next one makes a rate.
// Open addressing with linear probing; the readings of one list lie next to each other. It doubles
// as it fills, up to a limit. What was not heard of for its lifetime is forgotten: at once for the
// series itself, and for the memory when room is needed. A series for which there is no room is
// counted, and gets no rate.
// Threads: one owner; decoders of the same thread may share one, so that clients that come and go
//          keep their series.
// Cost:    one cache line for a known series. Growing moves everything: some 10 ns per reading.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ingest/collectd/value_list.hpp"
#include "tocsin/event.hpp"

namespace tocsin::collectd {

struct RateTableLimits {
  std::size_t max_readings = 262144;                                 // 48 bytes each, times up to 3
  std::chrono::nanoseconds min_lifetime = std::chrono::minutes{10};  // or two intervals, if longer
  std::chrono::nanoseconds max_lifetime = std::chrono::hours{48};
};

class RateTable {
 public:
  // A seeded hash of what makes a series the same one; 128 bits stand for the text.
  struct Key {
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    // Of the data source `index` of a list.
    [[nodiscard]] Key at(std::size_t index) const noexcept { return {low + index, high}; }
    friend bool operator==(const Key&, const Key&) = default;
  };

  struct Reading {
    Key key;
    std::uint64_t bits = 0;  // Value::bits
    TimePoint time{};        // by the sender's clock
    TimePoint expires{};     // by ours; the epoch: the slot is free
    DsType type = DsType::kGauge;
    bool is_known = false;  // false: new, or forgotten; the caller fills it in
  };

  // `seed` should be random, so that nobody can send series that fall into one place.
  RateTable(RateTableLimits limits, std::uint64_t seed);

  [[nodiscard]] Key key(std::string_view series) const noexcept;

  // The place of a series; null when there is no room. Valid until the next call.
  [[nodiscard]] Reading* find_or_add(const Key& key, TimePoint now);
  // Sets when the reading is forgotten, if it is not replaced before.
  void keep(Reading& reading, TimePoint now, std::chrono::nanoseconds interval) const noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }  // forgotten ones included
  [[nodiscard]] std::uint64_t turned_away() const noexcept { return turned_away_; }

 private:
  [[nodiscard]] bool make_room(TimePoint now);
  [[nodiscard]] Reading& place(const Key& key) noexcept;

  // Fixed after construction.
  RateTableLimits limits_;
  std::uint64_t seed_;

  std::vector<Reading> slots_;  // a power of two of them, at most three quarters in use
  std::size_t size_ = 0;
  TimePoint swept_{};  // when forgotten readings were last looked for in a full table
  std::uint64_t turned_away_ = 0;
};

}  // namespace tocsin::collectd
