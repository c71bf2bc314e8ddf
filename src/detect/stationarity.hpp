// Whether a sequence is stationary: the answer of the augmented Dickey-Fuller test (adf.hpp), mostly
// without its factorisations.
// The idea: what the test asks are products of columns that are one another shifted by a row. A
// product of shifted columns is the unshifted one but for the rows at both ends, so two dozen sums
// over the sequence make all normal equations of both fits. These lose digits where columns nearly
// depend on each other; what was lost is bounded, and an answer within the bound is not taken:
// then the factorisations decide.
// Cost:    2 us for 300 values; in doubt that of dickey_fuller_tau besides.
#pragma once

#include <optional>
#include <span>

#include "tocsin/detector.hpp"

namespace tocsin::detect {

// dickey_fuller_tau(values) < kStationaryTau. Uses slots `first_slot` and `first_slot + 1`.
[[nodiscard]] bool is_stationary(std::span<const double> values, Scratch& scratch,
                                 std::size_t first_slot);

// The same by normal equations alone. Empty: in doubt.
[[nodiscard]] std::optional<bool> is_surely_stationary(std::span<const double> values,
                                                       Scratch& scratch, std::size_t first_slot);

}  // namespace tocsin::detect
