// Numbers and times as carbon takes them: whatever Python's float() reads.
//   number := [+-] ( digits [ "." [digits] ] | "." digits ) [ (e|E) [+-] digits ]
//           | [+-] ( "inf" | "infinity" | "nan" ), in any case
//   digits := digit ( ["_"] digit )*
// Output:  an integer for digits alone that fit 64 bits, else a double; what is too large for a
//          double is infinite, what is too small is 0 or the nearest subnormal.
// Units:   times are seconds since the epoch on the wire; up to nine decimals are kept exactly.
// Cost:    a few nanoseconds for up to 18 digits below 2^53; std::from_chars otherwise.
// Source:  Python's float(); the fast case is Clinger's (1990): an integer up to 2^53 divided by a
//          power of ten up to 10^22 is one correctly rounded operation.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "src/base/byte_order.hpp"
#include "tocsin/event.hpp"

namespace tocsin::graphite {

inline constexpr std::array<double, 19> kPowersOfTen = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,
                                                        1e7,  1e8,  1e9,  1e10, 1e11, 1e12, 1e13,
                                                        1e14, 1e15, 1e16, 1e17, 1e18};

inline constexpr std::int64_t kLastSecond = 9'223'372'035;  // all of it fits a TimePoint

// Reads eight digits at once. False: there is something else among them.
// Source:  the multiplications are those of D. Lemire, "Quickly parsing eight digits" (2018).
[[nodiscard]] inline bool read_eight_digits(const char* at, std::uint64_t& number) noexcept {
  std::uint64_t digits = base::load_little_endian<std::uint64_t>(at) ^ 0x3030'3030'3030'3030U;
  // A byte is a digit if it is at most 9: adding 0x76 to more sets its top bit.
  const std::uint64_t strange =
      ((digits + 0x7676'7676'7676'7676U) | digits) & 0x8080'8080'8080'8080U;
  if (strange != 0) return false;
  digits = digits * 10 + (digits >> 8U);  // pairs, in every second byte
  const std::uint64_t fours = (digits & 0x0000'00ff'0000'00ffU) * 0x000f'4240'0000'0064U +
                              ((digits >> 16U) & 0x0000'00ff'0000'00ffU) * 0x0000'2710'0000'0001U;
  number = fours >> 32U;
  return true;
}

// Reads up to 18 digits, with or without a point, from the front of [at, end). Returns the first
// byte behind them; nullptr when parse_long_number has to look. What follows is the caller's to
// judge.
[[nodiscard]] inline const char* read_short_number(const char* at, const char* end,
                                                   Metric& number) noexcept {
  constexpr std::uint64_t kExact = std::uint64_t{1} << 53U;
  const auto digit = [&] { return static_cast<unsigned>(static_cast<unsigned char>(*at)) - '0'; };
  const bool negative = at != end && *at == '-';
  if (at != end && (*at == '-' || *at == '+')) ++at;
  std::uint64_t digits = 0;  // may wrap for long numbers, which are given up below
  const char* const first = at;
  for (; at != end && digit() < 10; ++at) digits = digits * 10 + digit();
  auto count = at - first;
  if (at == end || *at != '.') {
    if (count == 0 || count > 18) return nullptr;
    const auto integer = static_cast<std::int64_t>(digits);
    number = negative ? -integer : integer;
    return at;
  }
  const char* const fraction = ++at;
  for (std::uint64_t eight = 0; end - at >= 8 && read_eight_digits(at, eight); at += 8) {
    digits = digits * 100'000'000 + eight;
  }
  for (; at != end && digit() < 10; ++at) digits = digits * 10 + digit();
  const auto decimals = at - fraction;
  count += decimals;
  if (count == 0 || count > 18 || digits > kExact) return nullptr;
  const double value = static_cast<double>(static_cast<std::int64_t>(digits)) /
                       kPowersOfTen[static_cast<std::size_t>(decimals)];
  number = negative ? -value : value;
  return at;
}

// Reads exactly ten digits: every time between 2001 and 2286. False: there is something else.
[[nodiscard]] inline bool read_ten_digits(const char* at, std::int64_t& number) noexcept {
  const auto ninth = static_cast<unsigned>(static_cast<unsigned char>(at[8])) - '0';
  const auto tenth = static_cast<unsigned>(static_cast<unsigned char>(at[9])) - '0';
  std::uint64_t eight = 0;
  if (ninth > 9 || tenth > 9 || !read_eight_digits(at, eight)) return false;
  number = static_cast<std::int64_t>(eight * 100 + ninth * 10 + tenth);
  return true;
}

// The whole of `text`; nothing (std::monostate) when it is not a number. May be NaN or infinite.
[[nodiscard]] Metric parse_number(std::string_view text);

// The same for a text that read_short_number has turned down.
[[nodiscard]] Metric parse_long_number(std::string_view text);

// The time that `text` says; `received` for -1, as carbon counts it (anything that truncates to
// -1). Empty when it is not a time from 1970 to 2262.
[[nodiscard]] std::optional<TimePoint> parse_time(std::string_view text, TimePoint received);

// The same for a number that is at hand already.
[[nodiscard]] std::optional<TimePoint> time_from(const Metric& seconds, TimePoint received);

}  // namespace tocsin::graphite
