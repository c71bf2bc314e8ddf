// Result<T>: either a value or the Error that says why there is none.
// Shaped like std::expected, so that it can later become it. Everything that depends on input or
// on the environment returns one; exceptions are for start-up only.
// Threads: a plain value type.
// Cost:    the text of an Error is built where it is refused, never on the path of good input.
#pragma once

#include <cassert>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace tocsin {

// What kind of thing went wrong. Stable: used as the `cause` label of counters.
enum class Errc : std::uint8_t {
  kSyntax,       // text or bytes that the grammar does not allow
  kRange,        // well formed, but outside the permitted range
  kUnknownName,  // a key, field, type or rule that does not exist
  kDuplicate,    // given twice
  kLimit,        // a stated limit was reached
  kIo,           // the operating system or the peer refused
  kUnavailable,  // not now: try again later
  kUnsupported,  // understood, but not offered here
};

// The stable word for `code`, e.g. "syntax".
[[nodiscard]] constexpr std::string_view to_string(Errc code) noexcept {
  switch (code) {
    case Errc::kSyntax:
      return "syntax";
    case Errc::kRange:
      return "range";
    case Errc::kUnknownName:
      return "unknown_name";
    case Errc::kDuplicate:
      return "duplicate";
    case Errc::kLimit:
      return "limit";
    case Errc::kIo:
      return "io";
    case Errc::kUnavailable:
      return "unavailable";
    case Errc::kUnsupported:
      return "unsupported";
  }
  return "unknown";
}

// Where: "file:line:column" for files (1-based), "offset N" for wire data, empty when there is no
// place. Text: what was found and what was expected, without a final full stop.
struct Error {
  Errc code = Errc::kSyntax;
  std::string where;
  std::string text;

  // One line for people: "where: text".
  [[nodiscard]] std::string message() const { return where.empty() ? text : where + ": " + text; }
};

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(*-explicit-*)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(*-explicit-*)

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  // Precondition of the next five: has_value().
  [[nodiscard]] T& value() & { return get(); }
  [[nodiscard]] const T& value() const& { return get(); }
  [[nodiscard]] T&& value() && { return std::move(get()); }
  [[nodiscard]] T& operator*() & { return get(); }
  [[nodiscard]] const T& operator*() const& { return get(); }
  [[nodiscard]] T&& operator*() && { return std::move(get()); }
  [[nodiscard]] T* operator->() { return &get(); }
  [[nodiscard]] const T* operator->() const { return &get(); }

  // Precondition: !has_value().
  [[nodiscard]] const Error& error() const& {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] Error&& error() && {
    assert(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  T& get() {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& get() const {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }

  std::variant<T, Error> state_;
};

// Success without a value.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)), failed_(true) {}  // NOLINT(*-explicit-*)

  [[nodiscard]] bool has_value() const noexcept { return !failed_; }
  explicit operator bool() const noexcept { return has_value(); }
  [[nodiscard]] const Error& error() const& {
    assert(failed_);
    return error_;
  }
  [[nodiscard]] Error&& error() && {
    assert(failed_);
    return std::move(error_);
  }

 private:
  Error error_;
  bool failed_ = false;
};

}  // namespace tocsin
