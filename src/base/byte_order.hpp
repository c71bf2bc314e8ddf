// Reads fixed-width integers from wire bytes, whatever the alignment and the machine's own order.
// Input:   at least sizeof(T) readable bytes: the caller has checked the length.
// Cost:    compiles to one load (and a byte swap where needed).
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>

namespace tocsin::base {

// `value` with its bytes in the opposite order.
template <std::unsigned_integral T>
[[nodiscard]] inline T turn_bytes(T value) noexcept {
  T turned = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    turned = static_cast<T>(turned << 8 | static_cast<T>(value & 0xffu));
    value = static_cast<T>(value >> 8);
  }
  return turned;
}

template <std::unsigned_integral T>
[[nodiscard]] inline T load_little_endian(const char* bytes) noexcept {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  if constexpr (std::endian::native == std::endian::big) value = turn_bytes(value);
  return value;
}

template <std::unsigned_integral T>
[[nodiscard]] inline T load_big_endian(const char* bytes) noexcept {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  if constexpr (std::endian::native == std::endian::little) value = turn_bytes(value);
  return value;
}

}  // namespace tocsin::base
