// Doubles as the bits in which each differs from the one before.
// Idea:    a repeated value is one bit; a value that changes only in the middle of its mantissa
//          costs those bits. Serves full-precision series that often stand still.
// Source:  the value stream of T. Pelkonen et al., "Gorilla: A Fast, Scalable, In-Memory Time
//          Series Database", VLDB 2015, section 4.1.2. Ours gives up the old bit window as soon as
//          a new one, header included, is shorter.
// Layout:  64 bits of the first value; then per value 0 (same bits), or 10 and the bits inside the
//          last window, or 11, leading zeros (5 bits), length - 1 (6 bits) and the bits.
#pragma once

#include <cstddef>
#include <span>

namespace tocsin::series {

// The size of the stream in bytes; stops counting once above `limit`. `values` is not empty.
[[nodiscard]] std::size_t xor_bytes(std::span<const double> values, std::size_t limit) noexcept;
// Both return the byte behind the stream; both need slack behind it (bit_io.hpp).
std::byte* xor_write(std::span<const double> values, std::byte* to) noexcept;
const std::byte* xor_read(const std::byte* from, std::span<double> values) noexcept;

}  // namespace tocsin::series
