// The saved form of a detector's state: a writer and a reader that walk the same fields.
//   version (1 byte) | fields, little-endian, in the order visited | FNV-1a of all before (8 bytes)
// A part lists its fields once, in a static member template visit_state(Self& self, State& state);
// the writer is handed a const one. So what is saved is what is restored.
// Errors:  the reader remembers that a field did not fit and says so at the end: text cut short, a
//          count beyond its bound, a float that is no number. What it filled is then of no use.
// Source:  G. Fowler, L. Noll, K.-P. Vo, FNV-1a, 64 bit. It notices each change of a single byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tocsin::detect::consensus {

class StateWriter {
 public:
  // Appends to `out`, which must outlive it.
  StateWriter(std::string& out, std::uint8_t version);

  void number(float value);
  void number(double value);
  void numbers(std::span<const float> values);
  // Like numbers(), where a NaN stands for a value that is missing.
  void numbers_or_missing(std::span<const float> values) { numbers(values); }
  void bytes(std::span<const std::uint8_t> values);
  template <class Integer>
  void count(Integer value, std::uint64_t /*largest*/) {
    integer(static_cast<std::uint64_t>(value), sizeof(Integer));
  }
  void flag(bool value) { integer(value ? 1 : 0, 1); }
  void require(bool /*holds*/) {}

  // Once, after the last field.
  void finish();

 private:
  void integer(std::uint64_t value, std::size_t bytes);

  std::string& out_;
  std::size_t begin_;
};

class StateReader {
 public:
  // Views `state`. Ready to be asked ok(): another version or a wrong sum shows at once.
  StateReader(std::string_view state, std::uint8_t version);

  void number(float& value);
  void number(double& value);
  void numbers(std::span<float> values);
  void numbers_or_missing(std::span<float> values);
  void bytes(std::span<std::uint8_t> values);
  template <class Integer>
  void count(Integer& value, std::uint64_t largest) {
    const std::uint64_t read = integer(sizeof(Integer));
    require(read <= largest);
    value = static_cast<Integer>(ok_ ? read : 0);
  }
  void flag(bool& value);
  // What the part relies on besides the bounds of single fields.
  void require(bool holds) { ok_ = ok_ && holds; }

  [[nodiscard]] bool ok() const { return ok_; }
  // All fields fitted and nothing is left.
  [[nodiscard]] bool finished() const { return ok_ && rest_.empty(); }

 private:
  std::uint64_t integer(std::size_t bytes);

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace tocsin::detect::consensus
