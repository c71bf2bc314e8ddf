// The arithmetic of DistributionPool::summarise. Sums run over the sorted values in ascending order
// and top sums are differences of such sums, as in the reference: the results are equal to the bit.
// Source:  flush statistics of Etsy's statsd, as recorded in tests/data/statsd.
#include <algorithm>
#include <cmath>

#include "src/series/distribution.hpp"

namespace tocsin::series {
namespace {

struct Sums {
  double sum = 0;
  double squares = 0;
};

// Half up, also for 0.49999999999999994, which floor(x + 0.5) would round to 1.
double round_half_up(double x) noexcept {
  const double whole = std::floor(x);
  return x - whole >= 0.5 ? whole + 1 : whole;
}

// How many of `values` a threshold selects. A lone value serves every threshold.
std::uint64_t selected(double threshold, std::uint64_t values) noexcept {
  if (values == 1) return 1;
  const double wanted = round_half_up(std::abs(threshold) / 100 * static_cast<double>(values));
  // Written so that a NaN threshold selects nothing.
  return wanted >= 1 ? static_cast<std::uint64_t>(std::min(wanted, static_cast<double>(values)))
                     : 0;
}

Sums sums_of(std::span<const double> values) noexcept {
  Sums sums;
  for (const double value : values) {
    sums.sum += value;
    sums.squares += value * value;
  }
  return sums;
}

void append(TimerSummary& out, double threshold, std::uint64_t count, double boundary,
            const Sums& sums) {
  const auto n = static_cast<double>(count);
  out.thresholds.push_back({threshold, n, sums.sum / n, boundary, sums.sum, sums.squares});
}

// Adds up `count` values from one end of the sketch; `boundary` becomes the last one reached.
class EndSums {
 public:
  explicit EndSums(std::uint64_t count) : left_(static_cast<double>(count)) {}

  bool operator()(double value, double weight) noexcept {
    const double taken = std::min(left_, weight);
    sums.sum += taken * value;
    sums.squares += taken * value * value;
    boundary = value;
    left_ -= taken;
    return left_ > 0;
  }

  Sums sums;
  double boundary = 0;

 private:
  double left_;
};

}  // namespace

void DistributionPool::summarise_exact(std::span<const double> sorted,
                                       std::span<const double> thresholds, TimerSummary& out) {
  const std::size_t values = sorted.size();
  const Sums all = sums_of(sorted);
  const auto n = static_cast<double>(values);
  out.lower = sorted.front();
  out.upper = sorted.back();
  out.sum = all.sum;
  out.sum_squares = all.squares;
  out.mean = all.sum / n;
  const std::size_t middle = values / 2;
  out.median = values % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  double squared_distance = 0;
  for (const double value : sorted) {
    squared_distance += (value - out.mean) * (value - out.mean);
  }
  out.std = std::sqrt(squared_distance / n);

  for (const double threshold : thresholds) {
    const std::size_t count = selected(threshold, values);
    if (count == 0) continue;
    if (threshold > 0) {
      append(out, threshold, count, sorted[count - 1], sums_of(sorted.first(count)));
    } else {
      const Sums below = sums_of(sorted.first(values - count));
      append(out, threshold, count, sorted[values - count],
             {all.sum - below.sum, all.squares - below.squares});
    }
  }
}

void DistributionPool::summarise_sketch(const SketchedWindow& window,
                                        std::span<const double> thresholds, TimerSummary& out) {
  const DdSketch& sketch = window.sketch;
  const auto n = static_cast<double>(window.values);
  const Sums all{sketch.sum(), window.squares.value()};
  out.values = window.values;
  out.lower = sketch.min();
  out.upper = sketch.max();
  out.sum = all.sum;
  out.sum_squares = all.squares;
  out.mean = all.sum / n;
  const double below_middle = sketch.value_at_rank(std::ceil(n / 2) - 1);
  out.median =
      window.values % 2 == 1 ? below_middle : (below_middle + sketch.value_at_rank(n / 2)) / 2;
  out.std = std::sqrt(std::max(0.0, window.m2 / n));

  for (const double threshold : thresholds) {
    const std::uint64_t count = selected(threshold, window.values);
    if (count == 0) continue;
    if (count == window.values) {
      append(out, threshold, count, threshold > 0 ? out.upper : out.lower, all);
      continue;
    }
    EndSums end(count);
    if (threshold > 0) {
      sketch.visit_ascending(end);
    } else {
      sketch.visit_descending(end);
    }
    append(out, threshold, count, end.boundary, end.sums);
  }
}

}  // namespace tocsin::series
