// What the two halves of the block codec agree on: the bits of byte 0 and the small conversions.
// Layout:  docs/formats/history.md. Internal to block_encode.cpp and block_decode.cpp.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "src/series/block_codec.hpp"

namespace tocsin::series {

// Byte 0 of a block: the codec in the low three bits, then these.
inline constexpr unsigned kCodecMask = 0x07;
inline constexpr unsigned kHasGaps = 0x08;
inline constexpr unsigned kWideAggregate = 0x10;
inline constexpr unsigned kShortConstant = 0x20;  // kConstant only
inline constexpr unsigned kShifted = 0x20;        // packed codecs only, as the next two
inline constexpr unsigned kHasOutliers = 0x40;
inline constexpr unsigned kHasExceptions = 0x80;

inline constexpr std::size_t kSlotSetBytes = 15;
inline constexpr std::size_t kExceptionBytes = 9;

[[nodiscard]] constexpr bool is_packed(Codec codec) noexcept {
  return codec >= Codec::kDecimal && codec <= Codec::kBitsDelta;
}
[[nodiscard]] constexpr bool is_delta(Codec codec) noexcept {
  return codec == Codec::kDecimalDelta || codec == Codec::kBitsDelta;
}
[[nodiscard]] constexpr bool is_decimal(Codec codec) noexcept {
  return codec == Codec::kDecimal || codec == Codec::kDecimalDelta;
}

[[nodiscard]] constexpr std::byte byte_of(std::size_t value) noexcept {
  return static_cast<std::byte>(value);
}
[[nodiscard]] constexpr unsigned number_of(std::byte byte) noexcept {
  return std::to_integer<unsigned>(byte);
}

// Bit patterns in the order of the numbers: negative doubles count downwards.
[[nodiscard]] inline std::int64_t ordered_bits(double value) noexcept {
  const auto bits = std::bit_cast<std::int64_t>(value);
  return bits < 0 ? bits ^ INT64_MAX : bits;
}
[[nodiscard]] inline double from_ordered_bits(std::int64_t ordered) noexcept {
  return std::bit_cast<double>(ordered < 0 ? ordered ^ INT64_MAX : ordered);
}

}  // namespace tocsin::series
