#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "src/detect/skyline.hpp"
#include "src/detect/stationarity.hpp"

namespace tocsin::detect {
namespace {

constexpr double kReferenceFrom_s = 3600;
constexpr double kProbeFrom_s = 600;
constexpr std::size_t kFewestPoints = 20;

// Largest distance between the two empirical distributions, as D * |a| * |b|: in whole numbers, so
// that D > 1/2 is decided without rounding. Sorts both.
std::uint64_t distance_times_sizes(std::span<double> a, std::span<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  std::uint64_t largest = 0;
  std::size_t i = 0;
  std::size_t j = 0;
  // i and j count the values of a and b not above the last value passed; ties are passed together.
  while (i < a.size() && j < b.size()) {
    const double value = std::min(a[i], b[j]);
    while (i < a.size() && a[i] == value) ++i;
    while (j < b.size() && b[j] == value) ++j;
    const std::uint64_t left = std::uint64_t{i} * b.size();
    const std::uint64_t right = std::uint64_t{j} * a.size();
    largest = std::max(largest, left > right ? left - right : right - left);
  }
  return largest;
}

}  // namespace

// The published rule also asks the distance for p < 0.05, but with 20 points a side D > 0.5 implies
// p < 0.007: the distance decides. The costly question, whether the reference was stationary, is
// put last.
Vote ks_test(const Window& window, Scratch& scratch) {
  const std::size_t n = window.values.size();
  const std::span<double> reference = scratch.doubles(0, n);
  const std::span<double> probe = scratch.doubles(1, n);
  std::size_t reference_count = 0;
  std::size_t probe_count = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double time_s = window.times_s[i];
    if (std::isnan(window.values[i])) continue;  // a NaN has no rank
    if (time_s >= window.now_s - kProbeFrom_s) {
      probe[probe_count++] = window.values[i];
    } else if (time_s >= window.now_s - kReferenceFrom_s) {
      reference[reference_count++] = window.values[i];
    }
  }
  if (reference_count < kFewestPoints || probe_count < kFewestPoints) return {};

  // Sorting loses the order in time that the second question needs.
  const std::span<double> in_order = scratch.doubles(2, reference_count);
  std::copy_n(reference.begin(), reference_count, in_order.begin());
  const std::uint64_t distance =
      distance_times_sizes(reference.first(reference_count), probe.first(probe_count));
  const std::uint64_t sizes = std::uint64_t{reference_count} * probe_count;

  Vote vote;
  vote.statistic = static_cast<double>(distance) / static_cast<double>(sizes);
  vote.threshold = 0.5;
  // `reference` and `probe` end here: their slots serve the regression.
  vote.fired = 2 * distance > sizes && is_stationary(in_order, scratch, 0);
  return vote;
}

}  // namespace tocsin::detect
