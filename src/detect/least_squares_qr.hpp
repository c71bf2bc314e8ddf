// Linear least squares by Householder reflections, kept to what the Dickey-Fuller test asks: the
// residuals of every leading subset of columns at once, and the t statistic of the last column.
// The idea: reflections turn the columns into a triangle and rotate the target along. What the
// rotated target holds below row k is what the first k columns could not explain.
// Input:   `columns`, `count` of them, each `rows` long, one after the other; overwritten.
//          `target`, `rows` long; overwritten.
// Errors:  a column that the ones before it explain to rounding is left out: it counts for nothing.
// Cost:    2 * rows * count^2 multiplications, no allocation.
// Source:  G. Golub, C. Van Loan, Matrix Computations, 5.2 and 5.3.
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace tocsin::detect {

inline constexpr std::size_t kMaxColumns = 12;

struct QrFit {
  // Sum of squared residuals after the first k columns, k = 0..count.
  std::array<double, kMaxColumns + 1> residual_squares{};
  std::size_t rank = 0;  // columns that were not left out
  double last_t = 0;     // coefficient over standard error of the last column; NaN if undefined
};

// Precondition: 1 <= count <= kMaxColumns.
[[nodiscard]] QrFit fit_qr(std::span<double> columns, std::size_t count, std::span<double> target);

}  // namespace tocsin::detect
