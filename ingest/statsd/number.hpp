// Numbers of the statsd and DogStatsD dialects: decimal, correctly rounded, finite.
//   number := [+-] ( digits [ "." digits* ] | "." digits ) [ (e|E) [+-] digits ]
// Refused: blanks, hexadecimal, "nan", "inf", values beyond the range of a double. Values too small
//   for a double become 0 or the nearest subnormal.
// Cost:    a few nanoseconds for up to 15 digits without exponent; std::from_chars otherwise.
// Source:  the fast case is Clinger's (1990): an integer below 2^53 times or divided by a power of
//          ten up to 10^22 is one correctly rounded operation.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin::statsd {

struct ShortDecimal {
  double value;
  const char*
      next;  // first byte behind the number; nullptr: not a short decimal, ask parse_decimal
};

inline constexpr std::array<double, 16> kPowersOfTen = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

// Reads a decimal of at most 15 digits without exponent from the front of [at, end). What follows
// the number is the caller's to judge.
[[nodiscard]] inline ShortDecimal read_short_decimal(const char* at, const char* end) noexcept {
  const auto digit = [&] { return static_cast<unsigned>(static_cast<unsigned char>(*at)) - '0'; };
  bool negative = false;
  if (at != end && (*at == '-' || *at == '+')) {
    negative = *at == '-';
    ++at;
  }
  std::uint64_t digits = 0;  // may wrap for long numbers, which are given up below
  const char* const first = at;
  while (at != end && digit() < 10) {
    digits = digits * 10 + digit();
    ++at;
  }
  auto count = at - first;
  auto value = static_cast<double>(static_cast<std::int64_t>(digits));
  if (at != end && *at == '.') {
    const char* const fraction = ++at;
    while (at != end && digit() < 10) {
      digits = digits * 10 + digit();
      ++at;
    }
    const auto decimals = at - fraction;
    count += decimals;
    if (count > 15) return {0, nullptr};
    value = static_cast<double>(static_cast<std::int64_t>(digits)) /
            kPowersOfTen[static_cast<std::size_t>(decimals)];
  }
  if (count == 0 || count > 15) return {0, nullptr};
  return {negative ? -value : value, at};
}

// The whole of `text` as a finite number; empty when it is not one.
[[nodiscard]] std::optional<double> parse_decimal(std::string_view text) noexcept;

// The same grammar, but what is too large for a double becomes infinite instead of refused.
[[nodiscard]] std::optional<double> parse_unbounded_decimal(std::string_view text) noexcept;

// Decimal digits only, at most `limit`; empty otherwise.
[[nodiscard]] std::optional<std::int64_t> parse_digits(std::string_view text,
                                                       std::int64_t limit) noexcept;

}  // namespace tocsin::statsd
