#include <algorithm>
#include <cmath>
#include <cstddef>

#include "src/detect/moments.hpp"
#include "src/detect/skyline.hpp"

namespace tocsin::detect {
namespace {

// Skyline rounded both numbers to whole ones and asked for non-zero: a half is the least that
// counts, whatever the unit of the series.
constexpr double kLeastCounted = 0.5;

// Straight line over time: level + slope * (t - origin_s).
struct Line {
  double origin_s = 0;
  double level = 0;
  double slope = 0;

  [[nodiscard]] double at(double time_s) const { return level + slope * (time_s - origin_s); }
};

// Skyline handed raw epoch seconds to LAPACK's rank-revealing solver, which drops the smaller of
// the two singular values of the columns (t, 1) when their ratio is below the rounding unit 2^-53.
// The ratio is deviation(t) / mean(t)^2 to all digits that matter, so spans under about 19 minutes
// lose their slope at today's epochs.
bool solver_drops_slope(const Moments& times) {
  return times.population_deviation() < times.mean * times.mean * 0x1p-53;
}

// What remains then is the least-norm fit along the larger singular vector: proportional to
// u = t + 1 / mean(t), which over such a span is flat but for parts in a million.
Line fit_without_slope(const Window& window, const Moments& times) {
  const std::size_t n = window.values.size();
  const double shift = 1 / times.mean;
  const double along =
      sum_of(n, [&](std::size_t i) { return (window.times_s[i] + shift) * window.values[i]; });
  const double length = sum_of(n, [&](std::size_t i) {
    const double u = window.times_s[i] + shift;
    return u * u;
  });
  const double slope = along / length;
  return {times.mean, slope * (times.mean + shift), slope};
}

// The ordinary fit, centred: it agrees with the uncentred solver to about 1e-9 and is exact where
// that one is not.
Line fit(const Window& window, const Moments& times) {
  const Moments values = moments_of(window.values);
  const double products = sum_of(window.values.size(), [&](std::size_t i) {
    return (window.times_s[i] - times.mean) * (window.values[i] - values.mean);
  });
  return {times.mean, values.mean, products / times.squares};
}

}  // namespace

Vote least_squares(const Window& window, Scratch& scratch) {
  const std::size_t n = window.values.size();
  if (n < 3) return {};
  const Moments times = moments_of(window.times_s);
  const Line line =
      solver_drops_slope(times) ? fit_without_slope(window, times) : fit(window, times);

  const std::span<double> residuals = scratch.doubles(0, n);
  for (std::size_t i = 0; i < n; ++i) residuals[i] = window.values[i] - line.at(window.times_s[i]);
  const double tail = tail_of(residuals);
  const double deviation = moments_of(residuals).population_deviation();

  Vote vote;
  vote.statistic = std::abs(tail);
  vote.threshold = std::max(3 * deviation, kLeastCounted);
  vote.fired = vote.statistic > 3 * deviation && vote.statistic >= kLeastCounted &&
               deviation >= kLeastCounted;
  const double expected = tail_of(window.values) - tail;
  vote.expected_low = expected - vote.threshold;
  vote.expected_high = expected + vote.threshold;
  return vote;
}

}  // namespace tocsin::detect
