// Numbers as JSON writes them, from their text: no digit is lost on the way.
//   number := ["-"] digits ["." digits] [(e|E) ["+"|"-"] digits]
// Cost:    a few nanoseconds for up to 15 digits; std::from_chars otherwise.
// Source:  RFC 8259 section 6.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tocsin/event.hpp"

namespace tocsin::json_lines {

// An integer when it is written as one and fits 64 bits, else the nearest double. None: not a
// number, or beyond the range of a double.
[[nodiscard]] Metric parse_metric(std::string_view number) noexcept;

// Whether `number` is written as an integer but does not fit 64 bits, so that parse_metric rounds.
[[nodiscard]] bool is_rounded_integer(std::string_view number) noexcept;

// `number` times 10^places, exactly; what is smaller than one is cut. Empty: not a number without
// an exponent, or outside 64 bits.
[[nodiscard]] std::optional<std::int64_t> parse_scaled(std::string_view number,
                                                       unsigned places) noexcept;

// Seconds, exact to the nanosecond.
[[nodiscard]] std::optional<std::chrono::nanoseconds> parse_seconds(
    std::string_view number) noexcept;

}  // namespace tocsin::json_lines
