#include "src/detect/least_squares_qr.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "src/detect/moments.hpp"

namespace tocsin::detect {
namespace {

// Of a column's own length, what must remain for it to say something that the others do not.
constexpr double kIndependent = 1e-13;

double dot(std::span<const double> a, std::span<const double> b) {
  return sum_of(a.size(), [&](std::size_t i) { return a[i] * b[i]; });
}

// Applies the reflection I - 2 v v^T / (v^T v) to `x`; half_square is (v^T v) / 2.
void reflect(std::span<const double> v, double half_square, std::span<double> x) {
  const double factor = dot(v, x) / half_square;
  for (std::size_t i = 0; i < x.size(); ++i) x[i] -= factor * v[i];
}

}  // namespace

QrFit fit_qr(std::span<double> columns, std::size_t count, std::span<double> target) {
  assert(count >= 1 && count <= kMaxColumns && columns.size() == count * target.size());
  const std::size_t rows = target.size();
  const auto column = [&](std::size_t c) { return columns.subspan(c * rows, rows); };

  std::array<double, kMaxColumns> length{};  // of each column before any reflection
  for (std::size_t c = 0; c < count; ++c) length[c] = std::sqrt(dot(column(c), column(c)));

  QrFit fit;
  fit.residual_squares[0] = dot(target, target);
  double last_diagonal = 0;
  // On entry to each step the first `rank` rows are done: columns 0..c-1 are zero below them, and
  // the target below them is the residual of those columns.
  for (std::size_t c = 0; c < count; ++c) {
    const std::span<double> below = column(c).subspan(std::min(fit.rank, rows));
    const double norm = std::sqrt(dot(below, below));
    last_diagonal = 0;
    if (norm > kIndependent * length[c]) {
      // The sign that avoids cancellation in the first element.
      last_diagonal = below[0] > 0 ? -norm : norm;
      below[0] -= last_diagonal;
      const double half_square = -last_diagonal * below[0];
      for (std::size_t other = c + 1; other < count; ++other) {
        reflect(below, half_square, column(other).subspan(fit.rank));
      }
      reflect(below, half_square, target.subspan(fit.rank));
      ++fit.rank;
    }
    const std::span<const double> rest = target.subspan(fit.rank);
    fit.residual_squares[c + 1] = dot(rest, rest);
  }

  fit.last_t = std::numeric_limits<double>::quiet_NaN();
  if (last_diagonal != 0 && rows > fit.rank) {
    // coefficient = z / r and its standard error = sigma / |r|, r the last diagonal element.
    const double sigma =
        std::sqrt(fit.residual_squares[count] / static_cast<double>(rows - fit.rank));
    const double rotated = target[fit.rank - 1];
    fit.last_t = (last_diagonal > 0 ? rotated : -rotated) / sigma;
  }
  return fit;
}

}  // namespace tocsin::detect
