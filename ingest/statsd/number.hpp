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

#include "src/base/byte_order.hpp"

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

// Reads one to eight digits and nothing else, without a branch that depends on how many. False:
// there is something else in [begin, end), or the eight bytes before `end` may not be read because
// they begin before `readable`.
// Source:  the multiplications are those of D. Lemire, "Quickly parsing eight digits" (2018).
[[nodiscard]] inline bool read_few_digits(const char* readable, const char* begin, const char* end,
                                          double& value) noexcept {
  const auto count = end - begin;
  if (count < 1 || count > 8 || end - readable < 8) return false;
  // The first character is the lowest byte. What precedes the number becomes leading zeros.
  const std::uint64_t bytes = base::load_little_endian<std::uint64_t>(end - 8);
  const std::uint64_t wanted = ~std::uint64_t{0} << (8 * (8 - count));
  std::uint64_t digits = ((bytes ^ 0x3030'3030'3030'3030u) & wanted);
  // A byte is a digit if it is at most 9: adding 0x76 to more sets its top bit.
  if ((((digits + 0x7676'7676'7676'7676u) | digits) & 0x8080'8080'8080'8080u) != 0) return false;
  digits = digits * 10 + (digits >> 8);  // pairs, in every second byte
  const std::uint64_t fours = ((digits & 0x0000'00ff'0000'00ffu) * 0x000f'4240'0000'0064u +
                               ((digits >> 16) & 0x0000'00ff'0000'00ffu) * 0x0000'2710'0000'0001u);
  value = static_cast<double>(static_cast<std::int64_t>(fours >> 32));
  return true;
}

// The whole of `text` as a finite number; empty when it is not one.
[[nodiscard]] std::optional<double> parse_decimal(std::string_view text) noexcept;

// The same grammar, but what is too large for a double becomes infinite instead of refused.
[[nodiscard]] std::optional<double> parse_unbounded_decimal(std::string_view text) noexcept;

// Decimal digits only, at most `limit`; empty otherwise.
[[nodiscard]] std::optional<std::int64_t> parse_digits(std::string_view text,
                                                       std::int64_t limit) noexcept;

}  // namespace tocsin::statsd
