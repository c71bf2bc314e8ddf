#include "src/detect/adf.hpp"

#include <cmath>
#include <limits>

#include "src/detect/least_squares_qr.hpp"
#include "src/detect/moments.hpp"

namespace tocsin::detect {
namespace {

static_assert(kMaxLag + 2 == kMaxColumns);

// Below this ratio of singular values numpy's pseudo-inverse treats a column as dependent.
constexpr double kPseudoInverseCut = 1e-15;

enum class LevelColumn { kBeforeLags, kAfterLags };

// The regression with `lags` earlier changes, on the rows that have `first_row` of them.
//   row t, t = first_row .. n-2:  target x[t+1] - x[t]
//   columns:                      1 (unless left out), x[t] - origin, x[t-k+1] - x[t-k], k
//   = 1..lags
class Regression {
 public:
  Regression(std::span<const double> values, Scratch& scratch, std::size_t first_slot)
      : values_(values),
        columns_(scratch.doubles(first_slot, kMaxColumns * values.size())),
        target_(scratch.doubles(first_slot + 1, values.size())) {
    const Moments moments = moments_of(values);
    with_constant_ =
        !(moments.population_deviation() < kPseudoInverseCut * moments.mean * moments.mean);
    // With a constant column a shift of the level changes nothing but the rounding.
    origin_ = with_constant_ ? moments.mean : 0;
  }

  [[nodiscard]] QrFit fit(std::size_t lags, std::size_t first_row, LevelColumn where) const {
    const std::size_t rows = values_.size() - 1 - first_row;
    std::size_t count = 0;
    const auto add = [&](auto element) {
      double* column = columns_.data() + count++ * rows;
      for (std::size_t i = 0; i < rows; ++i) column[i] = element(first_row + i);
    };
    const auto add_level = [&] { add([&](std::size_t t) { return values_[t] - origin_; }); };

    if (with_constant_) add([](std::size_t) { return 1.0; });
    if (where == LevelColumn::kBeforeLags) add_level();
    for (std::size_t lag = 1; lag <= lags; ++lag) {
      add([&](std::size_t t) { return values_[t - lag + 1] - values_[t - lag]; });
    }
    if (where == LevelColumn::kAfterLags) add_level();

    const std::span<double> target = target_.first(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      target[i] = values_[first_row + i + 1] - values_[first_row + i];
    }
    return fit_qr(columns_.first(count * rows), count, target);
  }

  [[nodiscard]] bool with_constant() const { return with_constant_; }

 private:
  std::span<const double> values_;
  std::span<double> columns_;
  std::span<double> target_;
  bool with_constant_ = true;
  double origin_ = 0;
};

// AIC = rows * log(residual squares) + 2 * columns, up to what all candidates share. The columns
// are nested, so one factorisation tells them all.
std::size_t choose_lag(const Regression& regression, std::size_t n) {
  const QrFit fit = regression.fit(kMaxLag, kMaxLag, LevelColumn::kBeforeLags);
  const auto rows = static_cast<double>(n - 1 - kMaxLag);
  const std::size_t without_lags = regression.with_constant() ? 2 : 1;
  std::size_t best_lag = 0;
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t lag = 0; lag <= kMaxLag; ++lag) {
    const double aic =
        rows * std::log(fit.residual_squares[without_lags + lag]) + 2 * static_cast<double>(lag);
    if (aic < best) {
      best = aic;
      best_lag = lag;
    }
  }
  return best_lag;
}

}  // namespace

double dickey_fuller_tau(std::span<const double> values, Scratch& scratch, std::size_t first_slot) {
  if (values.size() < kMinValues) return std::numeric_limits<double>::quiet_NaN();
  const Regression regression(values, scratch, first_slot);
  const std::size_t lag = choose_lag(regression, values.size());
  return regression.fit(lag, lag, LevelColumn::kAfterLags).last_t;
}

}  // namespace tocsin::detect
