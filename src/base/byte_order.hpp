// Reads fixed-width integers from wire bytes, whatever the alignment and the machine's own order.
// Input:   at least sizeof(T) readable bytes: the caller has checked the length.
// Cost:    compiles to one load (and a byte swap where needed).
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>

namespace tocsin::base {

// `value` with its bytes in the opposite order. Builtins: g++ 12 does not see through a loop at
// -O2.
template <std::unsigned_integral T>
[[nodiscard]] constexpr T turn_bytes(T value) noexcept {
  if constexpr (sizeof(T) == 2) {
    return __builtin_bswap16(value);
  } else if constexpr (sizeof(T) == 4) {
    return __builtin_bswap32(value);
  } else if constexpr (sizeof(T) == 8) {
    return __builtin_bswap64(value);
  } else {
    static_assert(sizeof(T) == 1);
    return value;
  }
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
