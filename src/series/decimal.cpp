#include "src/series/decimal.hpp"

#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace tocsin::series {
namespace {

constexpr std::array<double, kMaxExponent + 1> kPowers = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

// 1.5 * 2^52. Adding it to |x| < 2^51 pushes the fraction out of the mantissa, rounded to nearest;
// what is left there is the integer, and the same works backwards.
constexpr double kRounder = 6755399441055744.0;
// Unsigned, because values that turn out too large wrap around before they are refused.
constexpr auto kRounderBits = std::bit_cast<std::uint64_t>(kRounder);
constexpr double kLimit = 2251799813685248.0;  // 2^51

double as_double(std::int64_t integer) noexcept {
  return std::bit_cast<double>(kRounderBits + static_cast<std::uint64_t>(integer)) - kRounder;
}

// Returns whether `value` is a decimal; `integer` is then its k.
bool try_integer(double value, double power, std::int64_t& integer) noexcept {
  const double scaled = value * power;
  integer =
      static_cast<std::int64_t>(std::bit_cast<std::uint64_t>(scaled + kRounder) - kRounderBits);
  const double back = as_double(integer) / power;
  return std::abs(scaled) < kLimit &&
         std::bit_cast<std::uint64_t>(back) == std::bit_cast<std::uint64_t>(value);
}

bool fits(std::span<const double> values, unsigned exponent, unsigned max_failures) noexcept {
  const double power = kPowers[exponent];
  unsigned failures = 0;
  std::int64_t ignored;
  for (const double value : values) {
    if (!try_integer(value, power, ignored) && ++failures > max_failures) return false;
  }
  return true;
}

}  // namespace

double power_of_ten(unsigned exponent) noexcept {
  assert(exponent <= kMaxExponent);
  return kPowers[exponent];
}

int find_exponent(std::span<const double> values, unsigned hint, unsigned max_failures) noexcept {
  if (fits(values, hint, max_failures)) {
    // A coarser exponent makes every integer ten times smaller; most misfits show in a few values.
    while (hint > 0 && fits(values, hint - 1, max_failures)) --hint;
    return static_cast<int>(hint);
  }
  for (unsigned exponent = 0; exponent <= kMaxExponent; ++exponent) {
    if (exponent != hint && fits(values, exponent, max_failures)) return static_cast<int>(exponent);
  }
  return -1;
}

void to_integers(std::span<const double> values, unsigned exponent,
                 std::span<std::int64_t> integers, std::span<bool> failed) noexcept {
  const double power = kPowers[exponent];
  for (std::size_t i = 0; i < values.size(); ++i) {
    failed[i] = !try_integer(values[i], power, integers[i]);
  }
}

void to_doubles(std::span<const std::int64_t> integers, unsigned exponent,
                std::span<double> values) noexcept {
  if (exponent == 0) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = as_double(integers[i]);
    return;
  }
  const double power = kPowers[exponent];
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = as_double(integers[i]) / power;
}

}  // namespace tocsin::series
