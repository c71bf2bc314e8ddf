// Times as programs write them into logs.
//   RFC 3339       2026-11-21T02:51:52.204377+00:00; also with a blank or 't' before the clock, a
//                  comma before the fraction, 'z', an offset without colon, or none: then UTC
//   epoch          1795229828.474: seconds with decimals, or milli-, micro-, nanoseconds, told by
//                  the digits in front of the point: up to 11, 14, 17, more
// Units:   decimals are exact to the nanosecond and cut there; 1.795e9 is a double.
// Source:  RFC 3339 section 5.6.
#pragma once

#include <optional>
#include <string_view>

#include "tocsin/event.hpp"

namespace tocsin::json_lines {

// Empty: not a time, or outside the years that a TimePoint holds.
[[nodiscard]] std::optional<TimePoint> parse_time(std::string_view text) noexcept;

}  // namespace tocsin::json_lines
