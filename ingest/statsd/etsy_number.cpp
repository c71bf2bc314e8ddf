#include "ingest/statsd/etsy_number.hpp"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <system_error>

#include "ingest/statsd/number.hpp"

namespace tocsin::statsd {
namespace {

constexpr std::string_view kBlanks = " \t\n\v\f\r";
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string_view trim(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Digits behind 0x, 0o or 0b; no sign is allowed here.
std::optional<double> parse_radix(std::string_view digits, int radix) noexcept {
  if (digits.empty()) return std::nullopt;
  double value = 0;
  const char* const end = digits.data() + digits.size();
  for (const char* at = digits.data(); at != end; ++at) {
    int digit = 0;
    const auto [stop, status] = std::from_chars(at, at + 1, digit, radix);
    if (status != std::errc{}) return std::nullopt;
    value = value * radix + digit;
  }
  return value;
}

int radix_of(std::string_view text) noexcept {
  if (text.size() < 2 || text.front() != '0') return 10;
  switch (text[1]) {
    case 'x':
    case 'X':
      return 16;
    case 'o':
    case 'O':
      return 8;
    case 'b':
    case 'B':
      return 2;
    default:
      return 10;
  }
}

}  // namespace

std::optional<double> parse_etsy_number(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  text = trim(text);
  if (text.empty()) return 0;
  if (const int radix = radix_of(text); radix != 10) return parse_radix(text.substr(2), radix);
  if (text == "Infinity" || text == "+Infinity") return kInfinity;
  if (text == "-Infinity") return -kInfinity;
  return parse_unbounded_decimal(text);
}

std::optional<double> parse_etsy_weight(std::string_view rate) noexcept {
  if (!parse_etsy_number(rate) || rate.front() == '-') return std::nullopt;
  const std::size_t end = rate.find_first_not_of("0123456789.");
  const std::optional<double> value = parse_decimal(rate.substr(0, end));
  if (!value || !(*value > 0) || !std::isfinite(1 / *value)) return std::nullopt;
  return 1 / *value;
}

}  // namespace tocsin::statsd
