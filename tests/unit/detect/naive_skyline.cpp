#include "tests/unit/detect/naive_skyline.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

namespace tocsin::detect::test {
namespace {

using Real = long double;
using Reals = std::vector<Real>;

NaiveVote exceeds(Real statistic, Real threshold) {
  const Real scale = std::max(std::abs(statistic), std::abs(threshold));
  return {statistic > threshold, false, std::abs(statistic - threshold) <= 1e-9L * scale};
}

Real mean(const Reals& x) {
  Real sum = 0;
  for (const Real v : x) sum += v;
  return sum / static_cast<Real>(x.size());
}

Real deviation(const Reals& x, int lost_degrees) {
  const Real m = mean(x);
  Real sum = 0;
  for (const Real v : x) sum += (v - m) * (v - m);
  const Real degrees = static_cast<Real>(x.size()) - static_cast<Real>(lost_degrees);
  return degrees > 0 ? std::sqrt(sum / degrees) : std::numeric_limits<Real>::quiet_NaN();
}

Real median(Reals x) {
  std::sort(x.begin(), x.end());
  const std::size_t n = x.size();
  return n % 2 == 1 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

Real tail(const Reals& x) {
  const std::size_t n = x.size();
  return n < 3 ? x[n - 1] : (x[n - 1] + x[n - 2] + x[n - 3]) / 3;
}

NaiveVote first_hour(const Reals& t, const Reals& x, Real now) {
  Reals old;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (t[i] < now - 82800) old.push_back(x[i]);
  }
  if (old.size() < 2) return {};
  return exceeds(std::abs(tail(x) - mean(old)), 3 * deviation(old, 1));
}

NaiveVote subtraction(const Reals& x) {
  if (x.size() < 3) return {};
  const Reals before(x.begin(), x.end() - 1);
  return exceeds(std::abs(x.back() - mean(before)), 3 * deviation(before, 1));
}

// Pandas' own recursion, oldest point first, in place of our weighted sums.
NaiveVote moving_average(const Reals& x) {
  const Real decay = 50.0L / 51.0L;
  Real m = x[0];
  Real covariance = 0;
  Real sum = 1;
  Real sum_of_squares = 1;
  Real old_weight = 1;
  for (std::size_t i = 1; i < x.size(); ++i) {
    sum *= decay;
    sum_of_squares *= decay * decay;
    old_weight *= decay;
    const Real old_mean = m;
    m = (old_weight * old_mean + x[i]) / (old_weight + 1);
    covariance =
        (old_weight * (covariance + (old_mean - m) * (old_mean - m)) + (x[i] - m) * (x[i] - m)) /
        (old_weight + 1);
    sum += 1;
    sum_of_squares += 1;
    old_weight += 1;
  }
  if (x.size() < 2) return {};
  const Real variance = sum * sum / (sum * sum - sum_of_squares) * covariance;
  return exceeds(std::abs(x.back() - m), 3 * std::sqrt(variance));
}

NaiveVote line(const Reals& t, const Reals& x) {
  if (x.size() < 3) return {};
  const Real mt = mean(t);
  const Real mx = mean(x);
  Real tt = 0;
  Real tx = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    tt += (t[i] - mt) * (t[i] - mt);
    tx += (t[i] - mt) * (x[i] - mx);
  }
  const bool flat = std::sqrt(tt / static_cast<Real>(x.size())) < mt * mt * 0x1p-53L;
  Reals residuals;
  for (std::size_t i = 0; i < x.size(); ++i) {
    residuals.push_back(x[i] - mx - (flat ? 0 : tx / tt * (t[i] - mt)));
  }
  const Real spread = deviation(residuals, 0);
  NaiveVote vote = exceeds(std::abs(tail(residuals)), 3 * spread);
  // The flat fit is flat only to parts in a million.
  if (flat) vote.in_doubt = std::abs(std::abs(tail(residuals)) - 3 * spread) < 1e-4L * spread;
  vote.fired = vote.fired && std::round(tail(residuals)) != 0 && std::round(spread) != 0;
  return vote;
}

NaiveVote outlier_above(const Reals& x) {
  if (x.size() < 3) return {};
  const Real n = static_cast<Real>(x.size());
  const boost::math::students_t_distribution<Real> student(n - 2);
  const Real q = boost::math::quantile(boost::math::complement(student, 0.05L / (2 * n)));
  const Real critical = (n - 1) / std::sqrt(n) * std::sqrt(q * q / (n - 2 + q * q));
  return exceeds((tail(x) - mean(x)) / deviation(x, 0), critical);
}

// All 15 bins in double, as numpy's edges are double.
NaiveVote histogram(const Window& window) {
  const auto& x = window.values;
  double low = *std::min_element(x.begin(), x.end());
  double high = *std::max_element(x.begin(), x.end());
  if (low == high) {
    low -= 0.5;
    high += 0.5;
  }
  std::vector<double> edges;
  for (int i = 0; i < 15; ++i) edges.push_back(i * ((high - low) / 15.0) + low);
  edges.push_back(high);
  std::vector<int> counts(15);
  for (const double v : x) {
    const auto above = std::upper_bound(edges.begin(), edges.end(), v) - edges.begin();
    ++counts[static_cast<std::size_t>(std::min<std::ptrdiff_t>(above - 1, 14))];
  }
  const std::size_t n = x.size();
  const double t = n < 3 ? x[n - 1] : (x[n - 1] + x[n - 2] + x[n - 3]) / 3;
  for (std::size_t i = 0; i < 15; ++i) {
    if (counts[i] > 20) continue;
    if (i == 0 ? t <= edges[0] : t >= edges[i] && t < edges[i + 1]) return {.fired = true};
  }
  return {};
}

NaiveVote median_distance(const Reals& x) {
  const Real m = median(x);
  Reals distances;
  for (const Real v : x) distances.push_back(std::abs(v - m));
  const Real d = median(distances);
  if (d == 0) return {};
  NaiveVote vote = exceeds(std::abs(x.back() - m) / d, 6);
  vote.abstained = !vote.fired;
  return vote;
}

// Solves the normal equations by elimination with pivoting; the residual squares and, for the
// column `which`, coefficient over standard error.
struct NaiveFit {
  Real squares = 0;
  Real t = 0;
};

NaiveFit normal_equations(const std::vector<Reals>& columns, const Reals& y, std::size_t which) {
  const std::size_t k = columns.size();
  std::vector<Reals> a(k, Reals(k + 2));  // the Gram matrix, the target, the unit vector of `which`
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t row = 0; row < y.size(); ++row) {
      for (std::size_t j = 0; j < k; ++j) a[i][j] += columns[i][row] * columns[j][row];
      a[i][k] += columns[i][row] * y[row];
    }
    a[i][k + 1] = i == which ? 1 : 0;
  }
  for (std::size_t i = 0; i < k; ++i) {
    std::size_t pivot = i;
    for (std::size_t r = i; r < k; ++r) {
      if (std::abs(a[r][i]) > std::abs(a[pivot][i])) pivot = r;
    }
    std::swap(a[i], a[pivot]);
    for (std::size_t r = 0; r < k; ++r) {
      if (r == i) continue;
      const Real factor = a[r][i] / a[i][i];
      for (std::size_t c = i; c < k + 2; ++c) a[r][c] -= factor * a[i][c];
    }
  }
  NaiveFit fit;
  for (std::size_t row = 0; row < y.size(); ++row) {
    Real rest = y[row];
    for (std::size_t i = 0; i < k; ++i) rest -= a[i][k] / a[i][i] * columns[i][row];
    fit.squares += rest * rest;
  }
  const Real variance =
      fit.squares / static_cast<Real>(y.size() - k) * a[which][k + 1] / a[which][which];
  fit.t = a[which][k] / a[which][which] / std::sqrt(variance);
  return fit;
}

NaiveFit regress(const Reals& x, std::size_t lags, std::size_t first_row) {
  std::vector<Reals> columns(2 + lags);
  Reals y;
  const Real m = mean(x);
  for (std::size_t t = first_row; t + 1 < x.size(); ++t) {
    y.push_back(x[t + 1] - x[t]);
    columns[0].push_back(1);
    columns[1].push_back(x[t] - m);
    for (std::size_t lag = 1; lag <= lags; ++lag)
      columns[1 + lag].push_back(x[t - lag + 1] - x[t - lag]);
  }
  return normal_equations(columns, y, 1);
}

Real dickey_fuller(const Reals& x) {
  std::size_t best_lag = 0;
  Real best = std::numeric_limits<Real>::infinity();
  for (std::size_t lag = 0; lag <= 10; ++lag) {
    const Real rows = static_cast<Real>(x.size() - 11);
    const Real aic = rows * std::log(regress(x, lag, 10).squares) + 2 * static_cast<Real>(lag);
    if (aic < best) {
      best = aic;
      best_lag = lag;
    }
  }
  return regress(x, best_lag, best_lag).t;
}

NaiveVote distributions(const Reals& t, const Reals& x, Real now) {
  Reals reference;
  Reals probe;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (t[i] >= now - 3600 && t[i] < now - 600) reference.push_back(x[i]);
    if (t[i] >= now - 600) probe.push_back(x[i]);
  }
  if (reference.size() < 20 || probe.size() < 20) return {};
  Real distance = 0;
  for (const Real at : x) {
    const auto share = [&](const Reals& of) {
      const auto count = std::count_if(of.begin(), of.end(), [&](Real v) { return v <= at; });
      return static_cast<Real>(count) / static_cast<Real>(of.size());
    };
    distance = std::max(distance, std::abs(share(reference) - share(probe)));
  }
  NaiveVote vote = exceeds(distance, 0.5L);
  if (!vote.fired) return vote;
  if (reference.size() < 24) return {};
  const NaiveVote stationary = exceeds(-dickey_fuller(reference), 2.861593L);
  return {stationary.fired, false, vote.in_doubt || stationary.in_doubt};
}

}  // namespace

NaiveVote naive_vote(std::string_view detector, const Window& window) {
  const Reals t(window.times_s.begin(), window.times_s.end());
  const Reals x(window.values.begin(), window.values.end());
  if (x.empty()) return {};
  if (detector == "first_hour_average") return first_hour(t, x, window.now_s);
  if (detector == "mean_subtraction_cumulation") return subtraction(x);
  if (detector == "stddev_from_average") {
    return x.size() < 2 ? NaiveVote{} : exceeds(std::abs(tail(x) - mean(x)), 3 * deviation(x, 1));
  }
  if (detector == "stddev_from_moving_average") return moving_average(x);
  if (detector == "least_squares") return line(t, x);
  if (detector == "grubbs") return outlier_above(x);
  if (detector == "histogram_bins") return histogram(window);
  if (detector == "median_absolute_deviation") return median_distance(x);
  if (detector == "ks_test") return distributions(t, x, window.now_s);
  throw std::invalid_argument("no such detector");
}

}  // namespace tocsin::detect::test
