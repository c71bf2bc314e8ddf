// Augmented Dickey-Fuller test: does a sequence keep returning to a level, or does it wander?
// Regresses each change on a constant, the level before it and up to ten earlier changes; tau is
// the level's coefficient in units of its standard error. The more negative, the more stationary.
//   lag choice: 0..10 earlier changes by least AIC, all on the rows that have ten; ties take fewer
//   final fit:  the chosen lag on every row that has that many
// Output:  NaN where tau is undefined: under 24 values, a constant sequence, an exact fit.
// Cost:    O(n * 12^2), two Householder factorisations; 20 to 30 us for 300 values. Who asks only
//          whether a sequence is stationary gets that sooner: stationarity.hpp.
// Source:  D. Dickey, W. Fuller (1979), S. Said, D. Dickey (1984); choices as statsmodels 0.13
//          adfuller(values, 10). When the level's deviation is below 1e-15 of its mean's square,
//          its pseudo-inverse drops the constant from the fit, and so do we.
#pragma once

#include <cstddef>
#include <span>

#include "tocsin/detector.hpp"

namespace tocsin::detect {

// The 5 % critical value for a constant and no trend: stationary when tau is below. J. MacKinnon's
// response surface (1994), where the p-value of the reference crosses 0.05.
inline constexpr double kStationaryTau = -2.861593;

inline constexpr std::size_t kMaxLag = 10;     // earlier changes
inline constexpr std::size_t kMinValues = 24;  // below, statsmodels refuses a lag of 10

// Uses slots `first_slot` and `first_slot + 1` of the scratch.
[[nodiscard]] double dickey_fuller_tau(std::span<const double> values, Scratch& scratch,
                                       std::size_t first_slot);

}  // namespace tocsin::detect
