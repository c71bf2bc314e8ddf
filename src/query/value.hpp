// Values and how they compare: the typing rules of the predicate language, in one place.
// An event's texts are strings even when they hold numbers (attributes always are), so a text is
// read as a number where the other side is one. Integers and doubles compare by their exact
// mathematical value: no integer is rounded to a double first.
// An empty text is the same as a missing one.
// Cost:    no allocation.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "tocsin/event.hpp"

namespace tocsin::query {

// A literal in the text of a predicate; monostate is nil. Never an empty string: that is nil.
using Literal = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

// What one side of a comparison is worth. A text views the event, the identity or the literal.
class Value {
 public:
  enum class Kind : std::uint8_t {
    kUnknown,  // an identity does not say; no function below takes it
    kMissing,
    kBool,
    kInteger,
    kReal,
    kText,    // of an event: may be meant as a number
    kQuoted,  // a string literal: meant as text
  };

  [[nodiscard]] static Value unknown() noexcept { return Value(Kind::kUnknown); }
  [[nodiscard]] static Value missing() noexcept { return Value(Kind::kMissing); }
  [[nodiscard]] static Value integer(std::int64_t integer) noexcept;
  [[nodiscard]] static Value real(double real) noexcept;
  // kText, or kMissing when it is empty.
  [[nodiscard]] static Value text(std::string_view text) noexcept;
  [[nodiscard]] static Value metric(const Metric& metric) noexcept;
  // Whole seconds stay integers, so that they compare exactly.
  [[nodiscard]] static Value seconds(std::chrono::nanoseconds duration) noexcept;
  // Views `literal`.
  [[nodiscard]] static Value of(const Literal& literal) noexcept;

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] bool is_unknown() const noexcept { return kind_ == Kind::kUnknown; }
  [[nodiscard]] bool is_missing() const noexcept { return kind_ == Kind::kMissing; }
  [[nodiscard]] bool is_number() const noexcept {
    return kind_ == Kind::kInteger || kind_ == Kind::kReal;
  }
  [[nodiscard]] bool is_text() const noexcept {
    return kind_ == Kind::kText || kind_ == Kind::kQuoted;
  }
  // Preconditions: the kind of the same name.
  [[nodiscard]] bool as_bool() const noexcept { return boolean_; }
  [[nodiscard]] std::int64_t as_integer() const noexcept { return integer_; }
  [[nodiscard]] double as_real() const noexcept { return real_; }
  [[nodiscard]] std::string_view as_text() const noexcept { return text_; }

 private:
  explicit Value(Kind kind) noexcept : kind_(kind), text_() {}

  Kind kind_;
  union {
    bool boolean_;
    std::int64_t integer_;
    double real_;
    std::string_view text_;
  };
};

// The number that all of `text` spells: sign, digits, fraction, exponent. Words ("inf") are none.
[[nodiscard]] std::optional<Value> number_in(std::string_view text) noexcept;

// `a = b`. Missing equals missing only; two texts are equal when their bytes are ("1.10" is a
// version); a text equals a number that it spells, and true or false when it says so.
[[nodiscard]] bool equal(const Value& a, const Value& b) noexcept;

// For `<` and its kin. Two texts of an event order as numbers when both spell one, else by bytes;
// a string literal orders by bytes. Unordered: missing, bool, NaN, a number with a text that is
// none.
[[nodiscard]] std::partial_ordering order(const Value& a, const Value& b) noexcept;

// A bare value as a predicate: `x != nil and x != false`. Zero is true.
[[nodiscard]] bool truthy(const Value& value) noexcept;

}  // namespace tocsin::query
