// Critical value of Grubbs' one-sided test at significance 0.05.
//   G(n) = (n-1)/sqrt(n) * sqrt(q^2 / (n-2 + q^2)),  q = upper 0.05/(2n) quantile of Student's t
//                                                        with n-2 degrees of freedom
// The published one-sided test uses 0.05/n; Skyline's uses the two-sided quantile, and so do we.
// Threads: safe; each value is computed once and then remembered, up to n = 16,384.
// Source:  F. Grubbs, "Procedures for detecting outlying observations in samples", Technometrics
//          11 (1969); the quantile is Boost.Math's.
#pragma once

#include <cstddef>

namespace tocsin::detect {

// NaN for n < 3.
[[nodiscard]] double grubbs_critical(std::size_t n);

}  // namespace tocsin::detect
