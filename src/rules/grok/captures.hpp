// What a match captured: fields and their values, ready to be written into whatever an event is.
//
//     "%{IP:client} %{NUMBER:[http][status]:int}"  on  "10.0.0.1 200"
//       {field 0, "10.0.0.1"}  {field 1, 200}
//       with Matcher::fields() {"client", "[http][status]"}
//
// Values come in the order of delivery; a field may come more than once, then all are meant.
// Memory:  texts view the Subject that was matched: use them before it is given another line.
// Threads: one per thread, reused from line to line.
// Cost:    no allocation once the match with the most captures was seen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

#include "src/rules/grok/value.hpp"

namespace tocsin::rules::grok {

// Text that `:int` makes an integer beyond 64 bits, as it stands in the line: big_integer() of
// coercion.hpp has its digits.
struct BigDigits {
  std::string_view text;
  bool operator==(const BigDigits&) const = default;
};

// Null: the group took no part, and empty captures are kept.
using CapturedValue = std::variant<Null, std::string_view, std::int64_t, double, BigDigits>;

enum class CaptureType : std::uint8_t { kString, kInteger, kFloat };

// Captured text as `type` says.
[[nodiscard]] CapturedValue captured_value(std::string_view text, CaptureType type);

// The same in an event's own memory.
[[nodiscard]] Value to_value(const CapturedValue& captured);

struct Captured {
  std::uint32_t field = 0;  // index in Matcher::fields()
  CapturedValue value;
  bool operator==(const Captured&) const = default;
};

class Captures {
 public:
  void clear() { size_ = 0; }
  // A further value of that field, to be assigned.
  CapturedValue& add(std::uint32_t field) {
    if (all_.data() + size_ == std::to_address(all_.end())) all_.emplace_back();
    Captured& captured = all_[size_++];
    captured.field = field;
    return captured.value;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] const Captured& operator[](std::size_t i) const { return all_[i]; }
  [[nodiscard]] const Captured* begin() const { return all_.data(); }
  [[nodiscard]] const Captured* end() const { return all_.data() + size_; }
  // The first value of that field; null pointer: none.
  [[nodiscard]] const CapturedValue* find(std::uint32_t field) const {
    for (const Captured& captured : *this) {
      if (captured.field == field) return &captured.value;
    }
    return nullptr;
  }

 private:
  std::vector<Captured> all_;  // the first size_ of them; others are for later matches
  std::size_t size_ = 0;
};

}  // namespace tocsin::rules::grok
