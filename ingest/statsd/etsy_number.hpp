// Numbers as JavaScript's Number() reads them: the grammar of Etsy's server.
// Differences to parse_decimal: blanks around are trimmed, nothing but blanks is 0, 0x / 0o / 0b
//   prefixes and "Infinity" are read, and what is too large becomes infinite.
// Source:  ECMAScript, StringNumericLiteral; lib/helpers.js and stats.js of statsd (read 2026).
//          Departure: only ASCII blanks are trimmed.
#pragma once

#include <optional>
#include <string_view>

namespace tocsin::statsd {

// Empty for what statsd calls a bad number: the empty text, or Number(text) is NaN.
[[nodiscard]] std::optional<double> parse_etsy_number(std::string_view text) noexcept;

// The weight of one sample for the field `@rate`, rate text without the '@'. As statsd does, the
// text must be a number without minus, but only its leading digits and dots count: "1e-1" is 1.
// Empty besides: a rate of 0, or one whose inverse is infinite; Etsy's counter would never recover.
[[nodiscard]] std::optional<double> parse_etsy_weight(std::string_view rate) noexcept;

}  // namespace tocsin::statsd
