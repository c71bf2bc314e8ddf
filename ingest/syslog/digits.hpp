// Decimal digits, eight characters at a time: the characters are the bytes of one word, the first
// of them the lowest.
// Example: of "02:51:52" with the layout "00:00:00" the digits are 0 2 0 5 1 0 5 2, and the pairs
//          that begin at 0, 3 and 6 are 2, 51 and 52.
// Cost:    each function is some five instructions, without a branch.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "src/base/byte_order.hpp"

namespace tocsin::syslog {

// Of which a byte is a number from 0 to 15 when it has none.
inline constexpr std::uint64_t kHighNibbles = 0xF0F0F0F0F0F0F0F0;

[[nodiscard]] inline std::uint64_t load_eight(const char* at) noexcept {
  return base::load_little_endian<std::uint64_t>(at);
}

// What eight characters must be: a digit where the layout has a '0', else the layout's character.
class Layout {
 public:
  constexpr explicit Layout(const char (&characters)[9]) noexcept {
    for (unsigned i = 0; i < 8; ++i) {
      const auto byte = static_cast<unsigned char>(characters[i]);
      zeros_ |= std::uint64_t{byte} << 8 * i;
      room_ |= std::uint64_t{byte == '0' ? 15U - 9U : 15U} << 8 * i;
    }
  }

  // Their digits, and 0 in between. False: the characters are not such.
  [[nodiscard]] constexpr bool read(std::uint64_t characters,
                                    std::uint64_t& digits) const noexcept {
    digits = characters ^ zeros_;
    // What is above 9, or above 0 in between, gets a high nibble by `room_` if it has none.
    return (((digits + room_) | digits) & kHighNibbles) == 0;
  }

 private:
  std::uint64_t zeros_ = 0;
  std::uint64_t room_ = 0;
};

// The number of two digits in each byte: its own digit is the first, that of the next the second.
[[nodiscard]] constexpr std::uint64_t pairs_of(std::uint64_t digits) noexcept {
  return digits * 10 + (digits >> 8);
}

[[nodiscard]] constexpr unsigned byte_of(std::uint64_t word, unsigned index) noexcept {
  return static_cast<unsigned>(word >> 8 * index) & 0xFF;
}

// The digits at the front of eight characters, as if '0' stood for each that follows them.
struct FrontDigits {
  std::uint64_t digits = 0;
  std::size_t size = 0;  // how many there are
};
[[nodiscard]] constexpr FrontDigits front_digits(std::uint64_t characters) noexcept {
  const std::uint64_t digits = characters ^ 0x3030303030303030;
  // A carry comes only from a byte that is none, and that one is looked at first.
  const std::uint64_t others = ((digits + 0x0606060606060606) | digits) & kHighNibbles;
  if (others == 0) return {digits, 8};
  const auto bits = static_cast<unsigned>(std::countr_zero(others)) / 8 * 8;
  return {digits & ((std::uint64_t{1} << bits) - 1), bits / 8};
}

// The number that eight digits write: joins neighbours, then pairs, then fours.
[[nodiscard]] constexpr std::uint32_t join_digits(std::uint64_t digits) noexcept {
  digits = pairs_of(digits) & 0x00FF00FF00FF00FF;
  digits = (digits * 100 + (digits >> 16)) & 0x0000FFFF0000FFFF;
  return static_cast<std::uint32_t>(digits * 10000 + (digits >> 32));
}

}  // namespace tocsin::syslog
