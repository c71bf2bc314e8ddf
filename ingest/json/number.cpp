#include "ingest/json/number.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include "ingest/statsd/number.hpp"

namespace tocsin::json_lines {
namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_integer(std::string_view number) noexcept {
  if (number.starts_with('-')) number.remove_prefix(1);
  for (const char c : number) {
    if (!is_digit(c)) return false;
  }
  return !number.empty();
}

std::optional<std::int64_t> read_integer(std::string_view number) noexcept {
  std::int64_t value = 0;
  const char* const end = number.data() + number.size();
  const auto [next, error] = std::from_chars(number.data(), end, value);
  if (error != std::errc{} || next != end) return std::nullopt;
  return value;
}

// Appends digits to an unsigned number; false when it would pass `most`.
class Accumulator {
 public:
  explicit Accumulator(std::uint64_t most) : most_(most) {}

  [[nodiscard]] bool push(unsigned digit) noexcept {
    if (value_ > (most_ - digit) / 10) return false;
    value_ = value_ * 10 + digit;
    return true;
  }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

 private:
  const std::uint64_t most_;
  std::uint64_t value_ = 0;
};

}  // namespace

Metric parse_metric(std::string_view number) noexcept {
  const char* const begin = number.data();
  const char* const end = begin + number.size();
  if (is_integer(number)) {
    if (const auto integer = read_integer(number)) return *integer;
  } else if (const auto decimal = statsd::read_short_decimal(begin, end); decimal.next == end) {
    return decimal.value;
  }
  double value = 0;
  const auto [next, error] = std::from_chars(begin, end, value);
  if (error != std::errc{} || next != end || !std::isfinite(value)) return {};
  return value;
}

bool is_rounded_integer(std::string_view number) noexcept {
  return is_integer(number) && !read_integer(number);
}

std::optional<std::int64_t> parse_scaled(std::string_view number, unsigned places) noexcept {
  const bool negative = number.starts_with('-');
  if (negative) number.remove_prefix(1);
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  Accumulator digits(kMost + (negative ? 1 : 0));
  std::size_t at = 0;
  for (; at < number.size() && is_digit(number[at]); ++at) {
    if (!digits.push(static_cast<unsigned>(number[at] - '0'))) return std::nullopt;
  }
  if (at == 0) return std::nullopt;
  std::string_view fraction = number.substr(at);
  if (fraction.starts_with('.')) {
    fraction.remove_prefix(1);
    if (!is_integer(fraction) || fraction.front() == '-') return std::nullopt;
  } else if (!fraction.empty()) {
    return std::nullopt;
  }
  for (unsigned place = 0; place < places; ++place) {
    const unsigned digit =
        place < fraction.size() ? static_cast<unsigned>(fraction[place] - '0') : 0;
    if (!digits.push(digit)) return std::nullopt;
  }
  // Unsigned, so that the smallest number needs no case of its own.
  return static_cast<std::int64_t>(negative ? 0 - digits.value() : digits.value());
}

std::optional<std::chrono::nanoseconds> parse_seconds(std::string_view number) noexcept {
  const auto scaled = parse_scaled(number, 9);
  if (!scaled) return std::nullopt;
  return std::chrono::nanoseconds(*scaled);
}

}  // namespace tocsin::json_lines
