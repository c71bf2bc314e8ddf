// The saved form of a detector's state: a writer and a reader that walk the same fields.
//   name (4 bytes) | version (1) | fields, little-endian, in the order visited | FNV-1a of all (8)
// A part lists its fields once, in a static member template visit_state(Self& self, State& state);
// the writer is handed a const one. So what is saved is what is restored.
// Input:   the reader takes any bytes. Each field says what it will accept.
// Output:  the first field that is missing or outside fails the reader for good; what it fills from
//          then on lies within its bounds, so a part may use what it has read while it reads on.
// Errors:  restore_state(): kSyntax of another detector or version, damaged or cut short; kRange
//          impossible values. The part is then of no use.
// Cost:    a few instructions a byte; the reader allocates what a part does.
// Source:  G. Fowler, L. Noll, K.-P. Vo, FNV-1a, 64 bit. It notices each change of a single byte,
//          the damage of disks, not that of an adversary: hence the bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tocsin/result.hpp"

namespace tocsin::detect {

class StateWriter {
 public:
  static constexpr bool kReads = false;

  // Appends to `out`, which must outlive it.
  explicit StateWriter(std::string& out) : out_(out) {}

  void number(float value);
  void number(double value);
  template <class Real>
  void number(Real value, Real /*low*/, Real /*high*/) {
    number(value);
  }
  void numbers(std::span<const float> values);
  // Like numbers(), where a NaN stands for a value that is missing.
  void numbers_or_missing(std::span<const float> values) { numbers(values); }
  void bytes(std::span<const std::uint8_t> values, std::uint8_t largest = 255);
  template <class Integer>
  void count(Integer value, std::uint64_t /*largest*/) {
    integer(static_cast<std::uint64_t>(value), sizeof(Integer));
  }
  void flag(bool value) { integer(value ? 1 : 0, 1); }
  void text(std::string_view value);
  void require(bool /*holds*/) {}

 private:
  void integer(std::uint64_t value, std::size_t bytes);

  std::string& out_;
};

class StateReader {
 public:
  static constexpr bool kReads = true;

  // `fields` outlives it.
  explicit StateReader(std::string_view fields) : rest_(fields) {}

  // Finite; 0 once failed.
  void number(float& value);
  void number(double& value);
  // Of low..high; `low` once failed.
  template <class Real>
  void number(Real& value, Real low, Real high) {
    number(value);
    require(value >= low && value <= high);
    if (!ok_) value = low;
  }
  void numbers(std::span<float> values);
  void numbers_or_missing(std::span<float> values);
  void bytes(std::span<std::uint8_t> values, std::uint8_t largest = 255);
  // At most `largest`; 0 once failed.
  template <class Integer>
  void count(Integer& value, std::uint64_t largest) {
    const std::uint64_t read = integer(sizeof(Integer));
    require(read <= largest);
    value = static_cast<Integer>(ok_ ? read : 0);
  }
  void flag(bool& value);
  // Of any length that is there.
  void text(std::string& value);
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

// Whose state it is.
struct StateForm {
  std::string_view name;  // four characters, which open the state
  std::uint8_t version = 0;
  std::string_view detector;  // for people
};

// For save_state() and restore_state().
void begin_state(const StateForm& form, std::string& out);
void end_state(std::size_t begin, std::string& out);
[[nodiscard]] Result<std::string_view> fields_of(std::string_view state, const StateForm& form);
[[nodiscard]] Error impossible_state(const StateForm& form);

// Appends.
template <class Part>
void save_state(const Part& part, const StateForm& form, std::string& out) {
  const std::size_t begin = out.size();
  begin_state(form, out);
  StateWriter writer(out);
  Part::visit_state(part, writer);
  end_state(begin, out);
}

template <class Part>
[[nodiscard]] Result<void> restore_state(Part& part, const StateForm& form,
                                         std::string_view state) {
  const Result<std::string_view> fields = fields_of(state, form);
  if (!fields) return fields.error();
  StateReader reader(*fields);
  Part::visit_state(part, reader);
  if (!reader.finished()) return impossible_state(form);
  return {};
}

}  // namespace tocsin::detect
