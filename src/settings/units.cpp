#include "src/settings/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace tocsin::settings {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t size;
};

// Large to small. "ms" has to be told from "m", which the exact match of the whole unit does.
constexpr std::array<Unit, 6> kDurations = {{{"w", 604'800'000},
                                             {"d", 86'400'000},
                                             {"h", 3'600'000},
                                             {"m", 60'000},
                                             {"s", 1'000},
                                             {"ms", 1}}};
constexpr std::array<Unit, 5> kSizes = {{{"TiB", std::uint64_t{1} << 40},
                                         {"GiB", std::uint64_t{1} << 30},
                                         {"MiB", std::uint64_t{1} << 20},
                                         {"KiB", std::uint64_t{1} << 10},
                                         {"B", 1}}};

constexpr std::uint64_t kMaxMilliseconds = 100ULL * 366 * 86'400'000;

// The digits at the front of `rest`, taken away from it.
std::optional<std::uint64_t> take_digits(std::string_view& rest) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error != std::errc{}) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return value;
}

// The letters at the front of `rest`, taken away from it.
std::string_view take_letters(std::string_view& rest) {
  std::size_t length = 0;
  while (length < rest.size() && (rest[length] < '0' || rest[length] > '9')) ++length;
  const std::string_view letters = rest.substr(0, length);
  rest.remove_prefix(length);
  return letters;
}

Error expected(Errc code, const char* what) {
  return {code, "", what};
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  const auto refuse = [](Errc code) {
    return expected(code, "a duration such as 500ms, 10s, 5m, 24h or 7d");
  };
  std::uint64_t total = 0;
  std::size_t next_unit = 0;  // units must become smaller
  if (text.empty()) return refuse(Errc::kSyntax);
  while (!text.empty()) {
    const auto count = take_digits(text);
    if (!count) return refuse(Errc::kSyntax);
    const std::string_view name = take_letters(text);
    while (next_unit < kDurations.size() && kDurations[next_unit].name != name) ++next_unit;
    if (next_unit == kDurations.size()) return refuse(Errc::kSyntax);
    const std::uint64_t size = kDurations[next_unit++].size;
    if (*count > (kMaxMilliseconds - total) / size) {
      return expected(Errc::kRange, "a duration of at most 100 years");
    }
    total += *count * size;
  }
  return Duration(std::chrono::milliseconds(total));
}

std::string format_duration(Duration duration) {
  auto left = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
  if (left == 0) return "0s";
  // 24h reads better than 1d, 10080m worse than 7d: the largest unit that leaves no rest, but days
  // only from two of them.
  for (const Unit& unit : kDurations) {
    if (unit.name == "w" || (unit.name == "d" && left < 2 * unit.size)) continue;
    if (left % unit.size == 0) return std::to_string(left / unit.size) + std::string(unit.name);
  }
  return std::to_string(left) + "ms";
}

Result<std::uint64_t> parse_bytes(std::string_view text) {
  const auto count = take_digits(text);
  if (count) {
    for (const Unit& unit : kSizes) {
      if (text != unit.name) continue;
      if (*count > (std::uint64_t{1} << 60) / unit.size) {
        return expected(Errc::kRange, "a size of at most 1048576TiB");
      }
      return *count * unit.size;
    }
  }
  return expected(Errc::kSyntax, "a size such as 512B, 64KiB, 16MiB or 8GiB");
}

std::string format_bytes(std::uint64_t bytes) {
  for (const Unit& unit : kSizes) {
    if (bytes != 0 && bytes % unit.size == 0) {
      return std::to_string(bytes / unit.size) + std::string(unit.name);
    }
  }
  return "0B";
}

Result<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec == std::errc::result_out_of_range) {
    return expected(Errc::kRange, "a whole number of 64 bits");
  }
  if (parsed.ec != std::errc{} || parsed.ptr != end) {
    return expected(Errc::kSyntax, "a whole number");
  }
  return value;
}

Result<double> parse_real(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end || !std::isfinite(value)) {
    return expected(Errc::kSyntax, "a number");
  }
  return value;
}

std::string format_real(double value) {
  std::array<char, 32> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), written.ptr};
}

Result<bool> parse_boolean(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return expected(Errc::kSyntax, "true or false");
}

}  // namespace tocsin::settings
