// Value: what a field of a record holds while an event is parsed: a text, a number, a truth value,
// or a list of these. Objects do not occur: they are fields with dots in their names.
// Memory:  a plain view of 16 bytes; texts and lists belong to the arena of the event, to what was
//          received, or to the rules.
// Cost:    as_text() writes numbers and lists to the arena, and copies nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "src/rules/parse/text_arena.hpp"

namespace tocsin::rules::parse {

class Value {
 public:
  // As wide as the place it has: a value with padding would be copied by parts that overlap, each
  // copy waiting for the stores before it.
  enum class Kind : std::uint32_t { kNone, kText, kInteger, kReal, kBoolean, kList };

  constexpr Value() noexcept = default;  // kNone: there is no such field
  [[nodiscard]] static Value text(std::string_view text) noexcept {
    Value value(Kind::kText);
    value.text_ = text.data();
    value.size_ = static_cast<std::uint32_t>(text.size());
    return value;
  }
  [[nodiscard]] static Value integer(std::int64_t integer) noexcept {
    Value value(Kind::kInteger);
    value.integer_ = integer;
    return value;
  }
  [[nodiscard]] static Value real(double real) noexcept {
    Value value(Kind::kReal);
    value.real_ = real;
    return value;
  }
  [[nodiscard]] static Value boolean(bool boolean) noexcept {
    Value value(Kind::kBoolean);
    value.integer_ = boolean ? 1 : 0;
    return value;
  }
  // Elements are not lists themselves.
  [[nodiscard]] static Value list(std::span<const Value> elements) noexcept {
    Value value(Kind::kList);
    value.list_ = elements.data();
    value.size_ = static_cast<std::uint32_t>(elements.size());
    return value;
  }

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] bool is_none() const noexcept { return kind_ == Kind::kNone; }
  [[nodiscard]] bool is_text() const noexcept { return kind_ == Kind::kText; }
  [[nodiscard]] bool is_list() const noexcept { return kind_ == Kind::kList; }
  // None, or a text without letters: what the predicate language calls missing.
  [[nodiscard]] bool is_blank() const noexcept { return is_none() || (is_text() && size_ == 0); }

  // Preconditions: the kind of the same name.
  [[nodiscard]] std::string_view text() const noexcept { return {text_, size_}; }
  [[nodiscard]] std::int64_t integer() const noexcept { return integer_; }
  [[nodiscard]] double real() const noexcept { return real_; }
  [[nodiscard]] bool boolean() const noexcept { return integer_ != 0; }
  [[nodiscard]] std::span<const Value> list() const noexcept { return {list_, size_}; }

  // The elements of a list; of anything else it alone; nothing of none.
  [[nodiscard]] std::span<const Value> elements() const noexcept {
    if (is_list()) return list();
    return {this, is_none() ? std::size_t{0} : std::size_t{1}};
  }

  friend bool operator==(const Value& a, const Value& b) noexcept;

 private:
  explicit constexpr Value(Kind kind) noexcept : kind_(kind) {}

  union {
    const char* text_ = nullptr;
    const Value* list_;
    std::int64_t integer_;
    double real_;
  };
  std::uint32_t size_ = 0;
  Kind kind_ = Kind::kNone;
};
static_assert(sizeof(Value) == 16);

// As as_text(), of what is no text.
[[nodiscard]] std::string_view write_as_text(const Value& value, TextArena& arena);
// As the event's attribute will have it: numbers in their shortest form (a real has a point: 1.0),
// a list as JSON. None: empty.
[[nodiscard]] inline std::string_view as_text(const Value& value, TextArena& arena) {
  return value.is_text() ? value.text() : write_as_text(value, arena);
}
// As %{field} shows it in a text: the same, but the elements of a list with commas between.
[[nodiscard]] std::string_view as_shown(const Value& value, TextArena& arena);

// The number that a value is or spells: all of it must be one ("12", "0.5", "1e3"; blanks around it
// are allowed). Truth values and lists are none.
[[nodiscard]] std::optional<double> as_number(const Value& value) noexcept;

// The same for whole numbers of 64 bits ("-12", without blanks).
[[nodiscard]] std::optional<std::int64_t> as_integer(const Value& value) noexcept;

// A list of the elements of `first` and then those of `second`.
[[nodiscard]] Value concatenated(const Value& first, const Value& second, TextArena& arena);

}  // namespace tocsin::rules::parse
