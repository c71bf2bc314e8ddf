#include "ingest/statsd/number.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <system_error>

namespace tocsin::statsd {
namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// The parts of a number that keeps to the grammar.
struct Shape {
  std::string_view whole;     // digits before the point
  std::string_view fraction;  // digits behind it
  bool has_exponent = false;
  bool exponent_negative = false;
  std::string_view exponent;
};

std::string_view take_digits(std::string_view& text) noexcept {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

// `text` is without its sign.
std::optional<Shape> parse_shape(std::string_view text) noexcept {
  Shape shape;
  shape.whole = take_digits(text);
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    shape.fraction = take_digits(text);
  }
  if (shape.whole.empty() && shape.fraction.empty()) return std::nullopt;
  if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    text.remove_prefix(1);
    shape.has_exponent = true;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
      shape.exponent_negative = text.front() == '-';
      text.remove_prefix(1);
    }
    shape.exponent = take_digits(text);
    if (shape.exponent.empty()) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  return shape;
}

// from_chars says "out of range" for too large and too small alike. Which it was shows in the
// decimal exponent of the first non-zero digit: it lies far from 0 in both cases.
bool is_tiny(const Shape& shape) noexcept {
  constexpr std::int64_t kFar = 1'000'000'000;  // longer exponents cannot be outweighed by digits
  std::int64_t exponent = 0;
  for (const char c : shape.exponent) exponent = std::min(exponent * 10 + (c - '0'), kFar);
  if (shape.exponent_negative) exponent = -exponent;
  const std::size_t leading = shape.whole.find_first_not_of('0');
  if (leading != std::string_view::npos) {
    return exponent + static_cast<std::int64_t>(shape.whole.size() - leading) < 0;
  }
  const std::size_t zeros = shape.fraction.find_first_not_of('0');
  return zeros == std::string_view::npos || exponent - static_cast<std::int64_t>(zeros) < 0;
}

}  // namespace

std::optional<double> parse_decimal(std::string_view text) noexcept {
  const std::optional<double> value = parse_unbounded_decimal(text);
  if (!value || !std::isfinite(*value)) return std::nullopt;
  return value;
}

std::optional<double> parse_unbounded_decimal(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  if (const ShortDecimal fast = read_short_decimal(text.data(), end);
      fast.next == end && !text.empty()) {
    return fast.value;
  }
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  const std::optional<Shape> shape = parse_shape(text);
  if (!shape) return std::nullopt;
  double value = 0;
  const auto [stop, status] = std::from_chars(text.data(), end, value);
  if (status == std::errc::result_out_of_range) {
    value = is_tiny(*shape) ? 0 : std::numeric_limits<double>::infinity();
  } else if (status != std::errc{} || stop != end) {
    return std::nullopt;
  }
  return negative ? -value : value;
}

std::optional<std::int64_t> parse_digits(std::string_view text, std::int64_t limit) noexcept {
  std::int64_t value = 0;
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  const auto [stop, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || value > limit) return std::nullopt;
  return value;
}

}  // namespace tocsin::statsd
