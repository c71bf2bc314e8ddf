// Integers in decimal, many millions a second: the readings behind the rates.
// How:     eight digits at once in one word. A number below 10^8 is cut in halves of four digits,
//          each of them in two pairs, each pair in two digits; a cut is a multiplication and a
//          shift, the same for all lanes of the word:
//              12345678 -> 1234|5678 -> 12|34|56|78 -> 1|2|3|4|5|6|7|8     (the first lane is lowest)
// Cost:    some 45 instructions for up to eight digits, without a loop or a branch that they
//          decide.
// Source:  P. Khuong, "How to print integers really fast", 2017.
#pragma once

#include <array>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "src/base/byte_order.hpp"

namespace tocsin::collectd {

// Room for any 64-bit integer, and for the whole words that are stored.
using DecimalBuffer = std::array<char, 32>;

inline constexpr std::uint64_t kZeroDigits = 0x3030'3030'3030'3030u;

// The digits of `number`, below 10^8, one a byte, the first one in the lowest.
[[nodiscard]] inline std::uint64_t eight_digits(std::uint64_t number) noexcept {
  const std::uint64_t fours = number / 10'000 | number % 10'000 << 32;
  const std::uint64_t hundreds = (fours * 10'486 >> 20) & 0x0000'007f'0000'007fu;
  const std::uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
  const std::uint64_t tens = (twos * 103 >> 10) & 0x000f'000f'000f'000fu;
  return tens | (twos - 10 * tens) << 8;
}

// Eight characters, the lowest first.
inline void store_digits(char* to, std::uint64_t digits) noexcept {
  if constexpr (std::endian::native == std::endian::big) digits = base::turn_bytes(digits);
  std::memcpy(to, &digits, sizeof digits);
}

// Writes `number`, below 10^8, at `to` and up to seven bytes behind it; returns its end.
inline char* put_short_decimal(char* to, std::uint64_t number) noexcept {
  const std::uint64_t digits = eight_digits(number);
  // The last digit stands even when it is 0.
  const int leading = std::countr_zero(digits | std::uint64_t{1} << 56) / 8;
  store_digits(to, (digits | kZeroDigits) >> 8 * leading);
  return to + 8 - leading;
}

// The same of any number.
inline char* put_decimal(char* to, std::uint64_t number) noexcept {
  constexpr std::uint64_t kEight = 100'000'000;
  if (number < kEight) return put_short_decimal(to, number);
  if (number >= kEight * kEight) return std::to_chars(to, to + 20, number).ptr;
  to = put_short_decimal(to, number / kEight);
  store_digits(to, eight_digits(number % kEight) | kZeroDigits);
  return to + 8;
}

// Views `buffer`.
[[nodiscard]] inline std::string_view print(std::uint64_t number, DecimalBuffer& buffer) noexcept {
  const char* const end = put_decimal(buffer.data(), number);
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}
[[nodiscard]] inline std::string_view print(std::int64_t number, DecimalBuffer& buffer) noexcept {
  const auto bits = static_cast<std::uint64_t>(number);
  if (number >= 0) return print(bits, buffer);
  buffer[0] = '-';
  const char* const end = put_decimal(buffer.data() + 1, 0 - bits);
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

}  // namespace tocsin::collectd
