#include "ingest/graphite/number.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <system_error>

#include "ingest/statsd/number.hpp"

namespace tocsin::graphite {
namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// `word`: in lower case.
bool equals_word(std::string_view text, std::string_view word) noexcept {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

// Infinity or NaN; nothing for other texts.
Metric parse_word(std::string_view text) noexcept {
  const bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  if (equals_word(text, "inf") || equals_word(text, "infinity")) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    return negative ? -kInfinity : kInfinity;
  }
  if (equals_word(text, "nan")) return std::numeric_limits<double>::quiet_NaN();
  return {};
}

// "1_000.5" -> "1000.5"; empty when an underscore stands anywhere but between two digits.
std::string without_underscores(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      plain += text[i];
    } else if (i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]) || !is_digit(text[i + 1])) {
      return {};
    }
  }
  return plain;
}

Metric parse_decimal(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  const char* const at = text.data() + (text.front() == '+' ? 1 : 0);
  const char* const body = at + (at != end && *at == '-' && at == text.data() ? 1 : 0);
  if (body == end || (!is_digit(*body) && *body != '.')) return {};
  double value = 0;
  const auto [stop, status] = std::from_chars(at, end, value);
  if (stop != end) return {};
  if (status == std::errc{}) {
    // Digits alone may be an integer that a double would round.
    std::int64_t integer = 0;
    const auto [integer_stop, integer_status] = std::from_chars(at, end, integer);
    if (integer_stop == end && integer_status == std::errc{}) return integer;
    return value;
  }
  // Out of range: the other reader tells too large from too small.
  const std::optional<double> limit = statsd::parse_unbounded_decimal(text);
  return limit ? Metric(*limit) : Metric();
}

TimePoint at_seconds(std::int64_t seconds, std::int64_t nanoseconds) noexcept {
  return TimePoint(std::chrono::seconds(seconds) + std::chrono::nanoseconds(nanoseconds));
}

// "SECONDS" or "SECONDS.DECIMALS" with up to nine decimals, which a double would round.
std::optional<TimePoint> parse_exact_time(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  std::int64_t seconds = 0;
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  const auto [stop, status] = std::from_chars(text.data(), end, seconds);
  if (status != std::errc{} || seconds > kLastSecond) return std::nullopt;
  if (stop == end) return at_seconds(seconds, 0);
  if (*stop != '.' || end - stop > 10) return std::nullopt;
  std::int64_t nanoseconds = 0;
  std::int64_t unit = 1'000'000'000;
  for (const char* at = stop + 1; at != end; ++at) {
    if (!is_digit(*at)) return std::nullopt;
    nanoseconds = nanoseconds * 10 + (*at - '0');
    unit /= 10;
  }
  return at_seconds(seconds, nanoseconds * unit);
}

}  // namespace

Metric parse_number(std::string_view text) {
  Metric number;
  const char* const end = text.data() + text.size();
  if (read_short_number(text.data(), end, number) == end) return number;
  return parse_long_number(text);
}

Metric parse_long_number(std::string_view text) {
  if (text.empty()) return {};
  const Metric number = parse_decimal(text);
  if (number.index() != 0) return number;
  if (text.find('_') == std::string_view::npos) return parse_word(text);
  const std::string plain = without_underscores(text);
  return plain.empty() ? Metric() : parse_decimal(plain);
}

std::optional<TimePoint> time_from(const Metric& seconds, TimePoint received) {
  if (const auto* whole = std::get_if<std::int64_t>(&seconds)) {
    if (*whole == -1) return received;
    if (*whole < 0 || *whole > kLastSecond) return std::nullopt;
    return at_seconds(*whole, 0);
  }
  const auto* real = std::get_if<double>(&seconds);
  if (real == nullptr || !std::isfinite(*real)) return std::nullopt;
  if (std::trunc(*real) == -1) return received;
  const double whole = std::floor(*real);
  if (whole < 0 || whole > static_cast<double>(kLastSecond)) return std::nullopt;
  return at_seconds(static_cast<std::int64_t>(whole), std::llround((*real - whole) * 1e9));
}

std::optional<TimePoint> parse_time(std::string_view text, TimePoint received) {
  if (const auto exact = parse_exact_time(text)) return exact;
  return time_from(parse_number(text), received);
}

}  // namespace tocsin::graphite
