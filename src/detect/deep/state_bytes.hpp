// Writes and reads the state of a detector: little-endian integers and floats, one after the other.
// Input:   StateReader takes any bytes. Each read names what it will accept; the first that is
//          missing or outside makes the reader failed, and from then on it yields lower bounds.
// Output:  so a caller reads a whole state, asks ok() once, and indexes with nothing unchecked.
// Errors:  ok() turns false and stays so.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "src/base/byte_order.hpp"

namespace tocsin::detect {

class StateWriter {
 public:
  explicit StateWriter(std::string& out) : out_(out) {}

  template <std::unsigned_integral T>
  void integer(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      out_.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i)));
    }
  }
  void boolean(bool value) { integer<std::uint8_t>(value ? 1 : 0); }
  void number(double value);
  void number(float value);
  void bytes(std::span<const std::uint8_t> values);

 private:
  std::string& out_;
};

class StateReader {
 public:
  // `state` outlives the reader.
  explicit StateReader(std::string_view state) : rest_(state) {}

  // A value of at most `largest`; 0 once failed.
  template <std::unsigned_integral T>
  [[nodiscard]] T integer(T largest) {
    const std::string_view bytes = take(sizeof(T));
    const T value = ok_ ? base::load_little_endian<T>(bytes.data()) : T{0};
    if (value <= largest) return value;
    ok_ = false;
    return 0;
  }
  [[nodiscard]] bool boolean() { return integer<std::uint8_t>(1) == 1; }
  // A number of `low`..`high`, never NaN; `low` once failed.
  [[nodiscard]] double number(double low, double high);
  [[nodiscard]] float number(float low, float high);
  // Fills `values`, each at most `largest`.
  void bytes(std::span<std::uint8_t> values, std::uint8_t largest);
  // The next `count` bytes as they are; empty once failed.
  [[nodiscard]] std::string_view take(std::size_t count);

  void require(bool condition) { ok_ = ok_ && condition; }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

// FNV-1a, 64 bit: finds the damage of disks and truncation, not that of an adversary.
// Source: G. Fowler, L. C. Noll, K.-P. Vo, the FNV non-cryptographic hash.
[[nodiscard]] std::uint64_t checksum_of(std::string_view bytes);

}  // namespace tocsin::detect
