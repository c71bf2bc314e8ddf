// Reads fixed-width integers from wire bytes, whatever the alignment and the machine's own order.
// Input:   at least sizeof(T) readable bytes: the caller has checked the length.
// Cost:    compiles to one load (and a byte swap where needed).
#pragma once

#include <concepts>
#include <cstddef>

namespace tocsin::base {

template <std::unsigned_integral T>
[[nodiscard]] constexpr T load_little_endian(const char* bytes) noexcept {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(
        value | static_cast<T>(static_cast<T>(static_cast<unsigned char>(bytes[i])) << (8 * i)));
  }
  return value;
}

}  // namespace tocsin::base
