// Numbers with units, as people write them in settings, and back.
// Errors:  the text says what was expected only ("a duration such as ..."): the caller knows what
//          was found and where.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "tocsin/result.hpp"

namespace tocsin::settings {

using Duration = std::chrono::nanoseconds;

// "500ms", "10s", "5m", "24h", "7d", "2w", and sums from large to small: "1h30m". A unit is
// required. At most 100 years.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text);
// The shortest such text; durations here are whole milliseconds.
[[nodiscard]] std::string format_duration(Duration duration);

// "512B", "64KiB", "16MiB", "8GiB", "1TiB". A unit is required.
[[nodiscard]] Result<std::uint64_t> parse_bytes(std::string_view text);
[[nodiscard]] std::string format_bytes(std::uint64_t bytes);

// Decimal, with an optional '-'.
[[nodiscard]] Result<std::int64_t> parse_integer(std::string_view text);
// Decimal or scientific; finite.
[[nodiscard]] Result<double> parse_real(std::string_view text);
// The shortest text that reads back as the same number.
[[nodiscard]] std::string format_real(double value);

// "true" and "false", and nothing else: YAML 1.1's yes, no, on and off surprise people.
[[nodiscard]] Result<bool> parse_boolean(std::string_view text);

}  // namespace tocsin::settings
