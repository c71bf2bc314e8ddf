// Captured text as a number, as `:int` and `:float` read it: as much of the beginning as is a
// number, and zero when nothing is. Nothing is refused.
//
//     "12.7" -> 12     "abc" -> 0     "1_000" -> 1000     "  7" -> 7     "1e3" -> 1
//     "3.14.15" -> 3.14     ".5" -> 0.5     "1e3" -> 1000.0     "NaN" -> 0.0
//
// Source:  reference of the grok filter, section 1 "int", "float". One underscore may stand between
//          two digits.
// Cost:    no allocation, but for big_integer() and for a float with underscores.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "src/rules/grok/value.hpp"

namespace tocsin::rules::grok {

// Empty: it does not fit. Then big_integer() has it.
[[nodiscard]] std::optional<std::int64_t> leading_integer(std::string_view text) noexcept;
[[nodiscard]] BigInteger big_integer(std::string_view text);
[[nodiscard]] double leading_float(std::string_view text);

}  // namespace tocsin::rules::grok
