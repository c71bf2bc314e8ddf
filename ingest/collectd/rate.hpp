// From a reading and the one before it to a metric: the rate per second.
// Output:  NaN when there is none: a counter or derive without one before, or out of bounds.
// Cost:    a division.
// Source:  collectd 5.12, utils_cache.c (uc_update); EventWriter says the rules.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

#include "ingest/collectd/rate_table.hpp"
#include "ingest/collectd/types_db.hpp"
#include "ingest/collectd/value_list.hpp"
#include "tocsin/event.hpp"

namespace tocsin::collectd {

inline constexpr double kNoMetric = std::numeric_limits<double>::quiet_NaN();

// How far a counter went, if it wrapped at most once.
[[nodiscard]] inline std::uint64_t counter_step(std::uint64_t from, std::uint64_t to) noexcept {
  constexpr std::uint64_t kWrap32 = std::uint64_t{1} << 32;
  const std::uint64_t step = to - from;  // right for a wrap at 2^64 too
  return to < from && from < kWrap32 ? step + kWrap32 : step;
}

// The exact difference, rounded once.
[[nodiscard]] inline double derive_step(std::int64_t from, std::int64_t to) noexcept {
  const auto low = static_cast<std::uint64_t>(from);
  const auto high = static_cast<std::uint64_t>(to);
  return to >= from ? static_cast<double>(high - low) : -static_cast<double>(low - high);
}

[[nodiscard]] inline double per_second(double amount, std::chrono::nanoseconds duration) noexcept {
  return amount * 1e9 / static_cast<double>(duration.count());
}

// `interval`: what the first reading of an absolute is divided by.
[[nodiscard]] inline double make_rate(const Value& value, const RateTable::Reading& before,
                                      TimePoint time, std::chrono::nanoseconds interval) noexcept {
  const bool has_past = before.is_known && before.type == value.type && before.time < time;
  if (!has_past) {
    if (value.type != DsType::kAbsolute) return kNoMetric;
    return per_second(static_cast<double>(value.bits), interval);
  }
  const std::chrono::nanoseconds elapsed = time - before.time;
  switch (value.type) {
    case DsType::kCounter:
      return per_second(static_cast<double>(counter_step(before.bits, value.bits)), elapsed);
    case DsType::kDerive:
      return per_second(derive_step(static_cast<std::int64_t>(before.bits), value.derive()),
                        elapsed);
    case DsType::kAbsolute:
      return per_second(static_cast<double>(value.bits), elapsed);
    case DsType::kGauge:
      break;
  }
  return kNoMetric;
}

// The rate, unless it is outside of what types.db says of its source.
[[nodiscard]] inline double within_bounds(double rate, const DataSource& source) noexcept {
  return rate < source.min || rate > source.max ? kNoMetric : rate;
}

// Puts `value` in the place of `reading`.
inline void take_over(RateTable::Reading& reading, const Value& value, TimePoint time,
                      const RateTable::Lease& lease) noexcept {
  reading.bits = value.bits;
  reading.time = time;
  reading.type = value.type;
  RateTable::keep(reading, lease);
}

}  // namespace tocsin::collectd
