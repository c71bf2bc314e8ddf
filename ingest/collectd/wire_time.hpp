// Times and durations as they stand in collectd's packets.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

#include "src/base/byte_order.hpp"

namespace tocsin::collectd {

inline constexpr std::uint64_t kSecond = 1'000'000'000;
inline constexpr std::uint64_t kMaxSeconds = std::numeric_limits<std::int64_t>::max() / kSecond - 1;

// Empty: beyond the range of TimePoint, which ends in the year 2262.
[[nodiscard]] inline std::optional<std::chrono::nanoseconds> from_seconds(
    std::uint64_t seconds) noexcept {
  if (seconds > kMaxSeconds) return std::nullopt;
  return std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * kSecond));
}

// The same of units of 2^-30 seconds, cut to the nanosecond.
[[nodiscard]] inline std::optional<std::chrono::nanoseconds> from_high_resolution(
    std::uint64_t units) noexcept {
  const std::uint64_t seconds = units >> 30;
  if (seconds > kMaxSeconds) return std::nullopt;
  const std::uint64_t fraction = (units & ((std::uint64_t{1} << 30) - 1)) * kSecond >> 30;
  return std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * kSecond + fraction));
}

// Of the eight bytes at `at`.
[[nodiscard]] inline std::optional<std::chrono::nanoseconds> read_time(
    const char* at, bool high_resolution) noexcept {
  const auto number = base::load_big_endian<std::uint64_t>(at);
  return high_resolution ? from_high_resolution(number) : from_seconds(number);
}

}  // namespace tocsin::collectd
