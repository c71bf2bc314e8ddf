#include "src/query/value.hpp"

#include <charconv>
#include <system_error>

namespace tocsin::query {
namespace {

constexpr std::string_view word(bool value) noexcept {
  return value ? "true" : "false";
}

// Exact: a double of magnitude 2^63 or more is beyond every int64, a smaller one truncates to an
// int64 without loss, and what was cut off decides a tie.
std::partial_ordering order_integer_real(std::int64_t integer, double real) noexcept {
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (real != real) return std::partial_ordering::unordered;
  if (real >= kTwoTo63) return std::partial_ordering::less;
  if (real < -kTwoTo63) return std::partial_ordering::greater;
  const auto whole = static_cast<std::int64_t>(real);
  if (integer != whole) return integer <=> whole;
  return static_cast<double>(whole) <=> real;
}

std::partial_ordering order_numbers(const Value& a, const Value& b) noexcept {
  const bool a_integer = a.kind() == Value::Kind::kInteger;
  const bool b_integer = b.kind() == Value::Kind::kInteger;
  if (a_integer && b_integer) return a.as_integer() <=> b.as_integer();
  if (a_integer) return order_integer_real(a.as_integer(), b.as_real());
  if (b_integer) return 0 <=> order_integer_real(b.as_integer(), a.as_real());
  return a.as_real() <=> b.as_real();
}

std::partial_ordering order_number_text(const Value& number, std::string_view text) noexcept {
  const std::optional<Value> spelt = number_in(text);
  return spelt ? order_numbers(number, *spelt) : std::partial_ordering::unordered;
}

}  // namespace

Value Value::integer(std::int64_t integer) noexcept {
  Value value(Kind::kInteger);
  value.integer_ = integer;
  return value;
}

Value Value::real(double real) noexcept {
  Value value(Kind::kReal);
  value.real_ = real;
  return value;
}

Value Value::text(std::string_view text) noexcept {
  if (text.empty()) return missing();
  Value value(Kind::kText);
  value.text_ = text;
  return value;
}

Value Value::metric(const Metric& metric) noexcept {
  if (const auto* integer = std::get_if<std::int64_t>(&metric)) return Value::integer(*integer);
  if (const auto* real = std::get_if<double>(&metric)) return Value::real(*real);
  return missing();
}

Value Value::seconds(std::chrono::nanoseconds duration) noexcept {
  constexpr std::int64_t kPerSecond = 1'000'000'000;
  const std::int64_t count = duration.count();
  if (count % kPerSecond == 0) return integer(count / kPerSecond);
  return real(static_cast<double>(count) / static_cast<double>(kPerSecond));
}

Value Value::of(const Literal& literal) noexcept {
  if (const auto* quoted = std::get_if<std::string>(&literal)) {
    Value value(Kind::kQuoted);
    value.text_ = *quoted;
    return value;
  }
  if (const auto* whole = std::get_if<std::int64_t>(&literal)) return integer(*whole);
  if (const auto* fraction = std::get_if<double>(&literal)) return real(*fraction);
  if (const auto* boolean = std::get_if<bool>(&literal)) {
    Value value(Kind::kBool);
    value.boolean_ = *boolean;
    return value;
  }
  return missing();
}

std::optional<Value> number_in(std::string_view text) noexcept {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  // from_chars would also read "inf" and "nan", which are words here.
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  if (first >= text.size()) return std::nullopt;
  if (text[first] != '.' && (text[first] < '0' || text[first] > '9')) return std::nullopt;

  const char* const end = text.data() + text.size();
  std::int64_t whole = 0;
  const auto as_whole = std::from_chars(text.data(), end, whole);
  if (as_whole.ec == std::errc{} && as_whole.ptr == end) return Value::integer(whole);
  double real = 0;
  const auto as_real = std::from_chars(text.data(), end, real);
  if (as_real.ec == std::errc{} && as_real.ptr == end) return Value::real(real);
  return std::nullopt;
}

bool equal(const Value& a, const Value& b) noexcept {
  if (a.is_missing() || b.is_missing()) return a.is_missing() && b.is_missing();
  if (a.is_text() && b.is_text()) return a.as_text() == b.as_text();
  if (a.is_number() && b.is_number()) return order_numbers(a, b) == 0;
  if (a.is_number() && b.is_text()) return order_number_text(a, b.as_text()) == 0;
  if (a.is_text() && b.is_number()) return order_number_text(b, a.as_text()) == 0;
  const bool a_bool = a.kind() == Value::Kind::kBool;
  const bool b_bool = b.kind() == Value::Kind::kBool;
  if (a_bool && b_bool) return a.as_bool() == b.as_bool();
  if (a_bool && b.is_text()) return b.as_text() == word(a.as_bool());
  if (b_bool && a.is_text()) return a.as_text() == word(b.as_bool());
  return false;
}

std::partial_ordering order(const Value& a, const Value& b) noexcept {
  if (a.is_number() && b.is_number()) return order_numbers(a, b);
  if (a.is_number() && b.is_text()) return order_number_text(a, b.as_text());
  if (a.is_text() && b.is_number()) return 0 <=> order_number_text(b, a.as_text());
  if (!a.is_text() || !b.is_text()) return std::partial_ordering::unordered;
  if (a.kind() == Value::Kind::kText && b.kind() == Value::Kind::kText) {
    const std::optional<Value> a_number = number_in(a.as_text());
    const std::optional<Value> b_number = a_number ? number_in(b.as_text()) : std::nullopt;
    if (b_number) return order_numbers(*a_number, *b_number);
  }
  return a.as_text() <=> b.as_text();
}

bool truthy(const Value& value) noexcept {
  if (value.kind() == Value::Kind::kBool) return value.as_bool();
  if (value.is_text()) return value.as_text() != word(false);
  return !value.is_missing();
}

}  // namespace tocsin::query
