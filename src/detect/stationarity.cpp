#include "src/detect/stationarity.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstring>

#include "src/detect/adf.hpp"
#include "src/detect/moments.hpp"

namespace tocsin::detect {
namespace {

constexpr std::size_t kChanges = kMaxLag + 1;  // the target and the changes before it

// Rows and columns of the normal equations: the changes by lag, of which 0 is the target.
constexpr std::size_t kLevel = kChanges;
constexpr std::size_t kConstant = kLevel + 1;
constexpr std::size_t kOrder = kConstant + 1;
using Products = std::array<std::array<double, kOrder>, kOrder>;

// Beyond these the sums below have lost digits that no bound here speaks of: values far from zero
// for their spread, and changes at the ends that outweigh all others.
constexpr double kMostOffset = 1e5;
constexpr double kMostUneven = 1024;
// The relative error of a product, generously: some hundred roundings of the largest one.
constexpr double kProductError = 1e-11;
constexpr double kLeastPivot = 1e-8;

// Twelve at once: the changes of a row and one more, which counts for nothing.
struct Dozen {
  using Two = double __attribute__((vector_size(16)));
  Two a{}, b{}, c{}, d{}, e{}, f{};

  static Two two(const double* first) {
    Two two;
    std::memcpy(&two, first, sizeof two);
    return two;
  }
  // Adds the twelve from `first` on, times `factor`.
  void add(double factor, const double* first) {
    const Two both = {factor, factor};
    a += both * two(first);
    b += both * two(first + 2);
    c += both * two(first + 4);
    d += both * two(first + 6);
    e += both * two(first + 8);
    f += both * two(first + 10);
  }
  [[nodiscard]] std::array<double, 12> values() const {
    return std::bit_cast<std::array<double, 12>>(*this);
  }
};
static_assert(kChanges + 1 == 12);

void set(Products& products, std::size_t a, std::size_t b, double value) {
  products[a][b] = value;
  products[b][a] = value;
}

// Of `level` (values less their mean) and `change` (one fewer, and a last one of any finite value),
// over the rows t = 10 .. n-2 of adf.cpp.
Products products_of(std::span<const double> level, std::span<const double> change) {
  const std::size_t n = level.size();
  Dozen by_level;
  Dozen by_target;
  double levels = 0;
  double squares = 0;
  for (std::size_t t = kMaxLag; t + 1 < n; ++t) {
    by_level.add(level[t], &change[t - kMaxLag]);
    by_target.add(change[t], &change[t - kMaxLag]);
    levels += level[t];
    squares += level[t] * level[t];
  }
  const std::array<double, 12> target_products = by_target.values();
  const std::array<double, 12> level_products = by_level.values();
  Products products;
  set(products, kConstant, kConstant, static_cast<double>(n - 1 - kMaxLag));
  set(products, kConstant, kLevel, levels);
  set(products, kLevel, kLevel, squares);
  for (std::size_t lag = 0; lag < kChanges; ++lag) {
    set(products, 0, lag, target_products[kMaxLag - lag]);
    set(products, kLevel, lag, level_products[kMaxLag - lag]);
    // Changes add up to the way from the first level to the last.
    set(products, kConstant, lag, level[n - 1 - lag] - level[kMaxLag - lag]);
  }
  // One row up and one to the left: the same but for the first and the last row.
  for (std::size_t i = 0; i < kMaxLag; ++i) {
    for (std::size_t j = i; j < kMaxLag; ++j) {
      set(products, i + 1, j + 1,
          products[i][j] + change[kMaxLag - 1 - i] * change[kMaxLag - 1 - j] -
              change[n - 2 - i] * change[n - 2 - j]);
    }
  }
  return products;
}

// Adds row `t` to the products of `columns` and the target.
void add_row(Products& products, std::span<const double> level, std::span<const double> change,
             std::size_t t, std::span<const std::size_t> columns) {
  const auto element = [&](std::size_t column) {
    return column == kConstant ? 1 : column == kLevel ? level[t] : change[t - column];
  };
  products[0][0] += change[t] * change[t];
  for (const std::size_t a : columns) {
    products[a][0] += element(a) * change[t];
    for (const std::size_t b : columns) products[a][b] += element(a) * element(b);
  }
}

// Cholesky's factor of the normal equations in units of each column's length, as far as it is asked
// for: what columns leave of the target's square, of 1.
struct Fit {
  std::array<double, kOrder> residual{};  // after so many columns
  double error = 0;                       // of each residual, at most
  double last = 0;                        // the target along the last column
};

// `columns` in order. Empty: they nearly depend on each other.
std::optional<Fit> fit(const Products& products, std::span<const std::size_t> columns) {
  std::array<std::array<double, kOrder>, kOrder> factor;
  std::array<double, kOrder> unit;
  for (std::size_t i = 0; i < kOrder; ++i) {
    unit[i] = products[i][i] > 0 ? 1 / std::sqrt(products[i][i]) : 0;
  }
  std::array<double, kOrder> target;
  Fit fit;
  fit.residual[0] = 1;
  double least_pivot = 1;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const std::size_t column = columns[c];
    const auto rest_of = [&](std::size_t other, const std::array<double, kOrder>& row) {
      double rest = products[column][other] * unit[column] * unit[other];
      for (std::size_t k = 0; k < c; ++k) rest -= factor[c][k] * row[k];
      return rest;
    };
    for (std::size_t k = 0; k < c; ++k) {
      double rest = products[column][columns[k]] * unit[column] * unit[columns[k]];
      for (std::size_t i = 0; i < k; ++i) rest -= factor[c][i] * factor[k][i];
      factor[c][k] = rest / factor[k][k];
    }
    const double pivot = rest_of(column, factor[c]);
    if (!(pivot > kLeastPivot)) return std::nullopt;
    least_pivot = std::min(least_pivot, pivot);
    factor[c][c] = std::sqrt(pivot);
    target[c] = rest_of(0, target) / factor[c][c];
    fit.last = target[c];
    fit.residual[c + 1] = fit.residual[c] - target[c] * target[c];
  }
  fit.error = kProductError / least_pivot;
  if (!(fit.residual[columns.size()] > 2 * fit.error)) return std::nullopt;
  return fit;
}

// As choose_lag of adf.cpp.
std::optional<std::size_t> choose_lag(const Products& products) {
  std::array<std::size_t, kOrder - 1> columns{kConstant, kLevel};
  for (std::size_t lag = 1; lag <= kMaxLag; ++lag) columns[1 + lag] = lag;
  const std::optional<Fit> found = fit(products, columns);
  if (!found) return std::nullopt;
  const double rows = products[kConstant][kConstant];
  struct Bounds {
    double least;
    double most;
  };
  const auto aic = [&](std::size_t lag) {
    const double residual = found->residual[2 + lag];
    const double parameters = 2 * static_cast<double>(lag);
    return Bounds{rows * std::log(residual - found->error) + parameters,
                  rows * std::log(residual + found->error) + parameters};
  };
  std::size_t best = 0;
  for (std::size_t lag = 1; lag <= kMaxLag; ++lag) {
    if (aic(lag).least < aic(best).least) best = lag;
  }
  const double most = aic(best).most;
  for (std::size_t lag = 0; lag <= kMaxLag; ++lag) {
    if (lag != best && aic(lag).least <= most) return std::nullopt;
  }
  return best;
}

}  // namespace

std::optional<bool> is_surely_stationary(std::span<const double> values, Scratch& scratch,
                                         std::size_t first_slot) {
  const std::size_t n = values.size();
  if (n < kMinValues) return std::nullopt;
  const Moments moments = moments_of(values);
  if (!(std::fabs(moments.mean) <= kMostOffset * moments.population_deviation())) {
    return std::nullopt;
  }
  const std::span<double> level = scratch.doubles(first_slot, n);
  const std::span<double> change = scratch.doubles(first_slot + 1, n);
  for (std::size_t t = 0; t < n; ++t) level[t] = values[t] - moments.mean;
  for (std::size_t t = 0; t + 1 < n; ++t) change[t] = values[t + 1] - values[t];
  change[n - 1] = 0;

  Products products = products_of(level, change);
  double least = products[0][0];
  double most = least;
  for (std::size_t lag = 1; lag < kChanges; ++lag) {
    least = std::min(least, products[lag][lag]);
    most = std::max(most, products[lag][lag]);
  }
  if (!(least > 0 && most <= kMostUneven * least)) return std::nullopt;

  const std::optional<std::size_t> lags = choose_lag(products);
  if (!lags) return std::nullopt;
  std::array<std::size_t, kOrder - 1> columns{kConstant};
  for (std::size_t lag = 1; lag <= *lags; ++lag) columns[lag] = lag;
  columns[*lags + 1] = kLevel;
  const std::size_t count = *lags + 2;
  const auto chosen = std::span(columns).first(count);
  for (std::size_t t = *lags; t < kMaxLag; ++t) add_row(products, level, change, t, chosen);
  const std::optional<Fit> found = fit(products, chosen);
  if (!found) return std::nullopt;

  const double residual = found->residual[count];
  const double sigma =
      std::sqrt(residual / (products[kConstant][kConstant] - static_cast<double>(count)));
  const double tau = found->last / sigma;
  const double error = found->error / sigma + std::fabs(tau) * found->error / residual;
  if (!(std::fabs(tau - kStationaryTau) > error)) return std::nullopt;
  return tau < kStationaryTau;
}

bool is_stationary(std::span<const double> values, Scratch& scratch, std::size_t first_slot) {
  const std::optional<bool> sure = is_surely_stationary(values, scratch, first_slot);
  return sure ? *sure : dickey_fuller_tau(values, scratch, first_slot) < kStationaryTau;
}

}  // namespace tocsin::detect
