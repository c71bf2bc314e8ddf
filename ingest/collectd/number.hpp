// Numbers of collectd's texts: types.db, PUTVAL and PUTNOTIF lines, write_http.
// Decimal only: collectd's own readers also take 0x10 and 010, and mean 16 and 8.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "ingest/collectd/value_list.hpp"

namespace tocsin::collectd {

// A double, correctly rounded; "nan" and "inf" in any case are numbers. Too small becomes 0, too
// large is refused.
[[nodiscard]] std::optional<double> parse_real(std::string_view text) noexcept;

// A value as its type demands: a double for a gauge, "U" meaning NaN; an integer otherwise.
[[nodiscard]] std::optional<Value> parse_value(std::string_view text, DsType type) noexcept;

// "1795229290.5": seconds, exact to the nanosecond and cut there; not negative, within the range
// of TimePoint.
[[nodiscard]] std::optional<std::chrono::nanoseconds> parse_seconds(std::string_view text) noexcept;

}  // namespace tocsin::collectd
