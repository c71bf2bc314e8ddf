#include "ingest/collectd/number.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace tocsin::collectd {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

template <class T>
std::optional<T> parse_whole(std::string_view text) noexcept {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [next, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || next != end) return std::nullopt;
  return value;
}

// Of a number that is out of the range of a double: whether it is too small and not too large.
// Its first digit other than 0 tells, together with its exponent.
bool is_tiny(std::string_view text) noexcept {
  const std::size_t mark = text.find_first_of("eE");
  return mark != std::string_view::npos && mark + 1 < text.size() && text[mark + 1] == '-';
}

}  // namespace

std::optional<double> parse_real(std::string_view text) noexcept {
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '-') return std::nullopt;
  }
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [next, error] = std::from_chars(text.data(), end, value);
  if (next != end || text.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range && is_tiny(text)) return 0.0;
  if (error != std::errc{}) return std::nullopt;
  return value;
}

std::optional<Value> parse_value(std::string_view text, DsType type) noexcept {
  if (type == DsType::kGauge) {
    const std::optional<double> real =
        text == "U" ? std::numeric_limits<double>::quiet_NaN() : parse_real(text);
    if (!real) return std::nullopt;
    return Value::of_real(*real, type, false);
  }
  Value value;
  value.type = type;
  if (type == DsType::kDerive) {
    const auto derive = parse_whole<std::int64_t>(text);
    if (!derive) return std::nullopt;
    value.bits = static_cast<std::uint64_t>(*derive);
  } else {
    const auto count = parse_whole<std::uint64_t>(text);
    if (!count) return std::nullopt;
    value.bits = *count;
  }
  return value;
}

std::optional<std::chrono::nanoseconds> parse_seconds(std::string_view text) noexcept {
  const std::size_t point = text.find('.');
  const auto whole = parse_whole<std::uint64_t>(text.substr(0, point));
  // One second less than the range, so that any fraction fits.
  constexpr std::uint64_t kLimit =
      std::numeric_limits<std::int64_t>::max() / kNanosecondsPerSecond - 1;
  if (!whole || *whole > kLimit) return std::nullopt;
  std::int64_t nanoseconds = static_cast<std::int64_t>(*whole) * kNanosecondsPerSecond;
  if (point != std::string_view::npos) {
    std::int64_t unit = kNanosecondsPerSecond / 10;
    for (const char c : text.substr(point + 1)) {
      if (c < '0' || c > '9') return std::nullopt;
      nanoseconds += (c - '0') * unit;
      unit /= 10;
    }
  }
  return std::chrono::nanoseconds(nanoseconds);
}

}  // namespace tocsin::collectd
