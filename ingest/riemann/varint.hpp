// Numbers as protocol buffers write them: seven bits a byte, the lowest first; the top bit says
// that more follow.
// Input:  the eight bytes where a number begins, as a little-endian word. A number that ends in
//         them is below 2^56; few are not.
// Source: protobuf.dev, "Encoding".
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace tocsin::riemann {

// The top bits of eight bytes: more follow.
inline constexpr std::uint64_t kMoreFollow = 0x8080808080808080;

// How many bytes the number at the front of `word` has; 0: more than eight.
[[nodiscard]] constexpr std::size_t varint_size(std::uint64_t word) noexcept {
  const std::uint64_t ends = ~word & kMoreFollow;
  return ends == 0 ? 0 : static_cast<std::size_t>(std::countr_zero(ends)) / 8 + 1;
}

// Eight bytes of seven bits each, the lowest first, to 56 bits: joins neighbours, then pairs, then
// fours.
[[nodiscard]] constexpr std::uint64_t join_sevens(std::uint64_t x) noexcept {
  x = (x & 0x007f007f007f007f) | (x & 0x7f007f007f007f00) >> 1;
  x = (x & 0x00003fff00003fff) | (x & 0x3fff00003fff0000) >> 2;
  return (x & 0x000000000fffffff) | (x & 0x0fffffff00000000) >> 4;
}

// The number itself. Precondition: size == varint_size(word), and is not 0.
[[nodiscard]] constexpr std::uint64_t varint_value(std::uint64_t word, std::size_t size) noexcept {
  const std::uint64_t its_bytes = ~std::uint64_t{0} >> (64 - 8 * size);
  return join_sevens(word & its_bytes & ~kMoreFollow);
}

}  // namespace tocsin::riemann
