// Doubles that people wrote with few decimals, as integers: 12.75 is 1275 / 10^2.
// A value counts as decimal when k / 10^e gives back the very same bits. The division matters: IEEE
// rounds it correctly, so that every short decimal passes; multiplying by 10^-e would miss some.
// -0.0 has no integer and never passes. |k| stays below 2^51, where one addition rounds to an
// integer and one converts back (see the constants in the .cpp).
#pragma once

#include <cstdint>
#include <span>

namespace tocsin::series {

inline constexpr unsigned kMaxExponent = 15;

// 10^e, exact, for e 0..kMaxExponent.
[[nodiscard]] double power_of_ten(unsigned exponent) noexcept;

// Finds an exponent at which all but `max_failures` values are decimals, starting at `hint` (the
// last block's): the smallest in its neighbourhood, then the smallest of all. -1 if there is none.
[[nodiscard]] int find_exponent(std::span<const double> values, unsigned hint,
                                unsigned max_failures) noexcept;

// k of each value; a value that fails is marked in `failed` (same length) and gets some k,
// unspecified.
void to_integers(std::span<const double> values, unsigned exponent,
                 std::span<std::int64_t> integers, std::span<bool> failed) noexcept;

// The doubles k / 10^exponent; |k| < 2^51.
void to_doubles(std::span<const std::int64_t> integers, unsigned exponent,
                std::span<double> values) noexcept;

}  // namespace tocsin::series
