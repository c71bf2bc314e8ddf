#include "ingest/json/time.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "ingest/json/number.hpp"
#include "ingest/syslog/timestamp.hpp"

namespace tocsin::json_lines {
namespace {

constexpr std::size_t kDateSize = 10;    // 2026-11-21
constexpr std::size_t kSecondSize = 19;  // 2026-11-21T02:51:52
constexpr std::size_t kLongest = 35;     // with nine decimals and an offset
constexpr std::size_t kClockless = 5;    // "+0000"

TimePoint from_nanoseconds(std::int64_t count) noexcept {
  return TimePoint(std::chrono::nanoseconds(count));
}

bool is_epoch(std::string_view text) noexcept {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  return end != text.begin() && (end == text.end() || *end == '.' || *end == 'e' || *end == 'E');
}

std::optional<TimePoint> parse_exponent(std::string_view text) noexcept {
  constexpr double kEnd = 9.2e18;  // a little within 64 bits
  const std::optional<double> seconds = as_double(parse_metric(text));
  if (!seconds) return std::nullopt;
  double nanoseconds = *seconds;
  if (std::abs(*seconds) < 1e11) {
    nanoseconds *= 1e9;
  } else if (std::abs(*seconds) < 1e14) {
    nanoseconds *= 1e6;
  } else if (std::abs(*seconds) < 1e17) {
    nanoseconds *= 1e3;
  }
  if (std::abs(nanoseconds) > kEnd) return std::nullopt;
  return from_nanoseconds(std::llround(nanoseconds));
}

std::optional<TimePoint> parse_epoch(std::string_view text) noexcept {
  if (text.find_first_of("eE") != std::string_view::npos) return parse_exponent(text);
  std::size_t digits = std::min(text.find('.'), text.size());
  if (text.starts_with('-')) --digits;
  const unsigned places = digits <= 11 ? 9 : digits <= 14 ? 6 : digits <= 17 ? 3 : 0;
  const auto scaled = parse_scaled(text, places);
  if (!scaled) return std::nullopt;
  return from_nanoseconds(*scaled);
}

std::optional<TimePoint> parse_date(std::string_view text) noexcept {
  if (text.size() < kSecondSize || text.size() > kLongest) return std::nullopt;
  std::array<char, kLongest + 1> form{};
  std::copy(text.begin(), text.end(), form.begin());
  std::size_t size = text.size();
  if (form[kDateSize] == ' ' || form[kDateSize] == 't') form[kDateSize] = 'T';
  if (form[kSecondSize] == ',') form[kSecondSize] = '.';
  if (form[size - 1] == 'z') form[size - 1] = 'Z';
  // "+0000" becomes "+00:00".
  if (const char sign = form[size - kClockless];
      sign == '+' || (sign == '-' && size > kSecondSize)) {
    form[size] = form[size - 1];
    form[size - 1] = form[size - 2];
    form[size - 2] = ':';
    ++size;
  }
  const syslog::IsoTime time = syslog::read_iso_time({form.data(), size});
  if (time.size != size) return std::nullopt;
  return time.time;
}

}  // namespace

std::optional<TimePoint> parse_time(std::string_view text) noexcept {
  return is_epoch(text) ? parse_epoch(text) : parse_date(text);
}

}  // namespace tocsin::json_lines
