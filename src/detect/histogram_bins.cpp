#include <algorithm>
#include <array>
#include <cstddef>

#include "src/detect/moments.hpp"
#include "src/detect/skyline.hpp"

namespace tocsin::detect {
namespace {

constexpr std::size_t kBins = 15;
constexpr std::size_t kThinlyPopulated = 20;

// The edges as numpy's linspace computes them, to the bit: a tail may lie on one.
std::array<double, kBins + 1> edges_of(double low, double high) {
  if (low == high) {
    low -= 0.5;
    high += 0.5;
  }
  std::array<double, kBins + 1> edges{};
  const double step = (high - low) / static_cast<double>(kBins);
  for (std::size_t i = 0; i < kBins; ++i) edges[i] = static_cast<double>(i) * step + low;
  edges[kBins] = high;
  return edges;
}

}  // namespace

// Skyline looks for the tail in every bin of at most 20 points: in the first bin if it is not above
// the lower edge, in the others if it is at or above the lower and below the upper edge. So the
// inside of the first bin and the maximum itself never fire. Only the tail's own bin is counted.
Vote histogram_bins(const Window& window, Scratch&) {
  const std::span<const double> values = window.values;
  if (values.empty()) return {};
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const std::array<double, kBins + 1> edges = edges_of(*low, *high);
  const double tail = tail_of(values);

  std::size_t bin = 0;
  if (!(tail <= edges[0])) {
    bin = 1;
    while (bin < kBins && !(tail >= edges[bin] && tail < edges[bin + 1])) ++bin;
    if (bin == kBins) return {};
  }
  const bool last = bin == kBins - 1;  // the maximum belongs to the last bin
  const auto count = std::count_if(values.begin(), values.end(), [&](double value) {
    return value >= edges[bin] && (value < edges[bin + 1] || last);
  });
  Vote vote;
  // Few is unusual here; the signs make it "statistic above threshold" as everywhere.
  vote.statistic = -static_cast<double>(count);
  vote.threshold = -static_cast<double>(kThinlyPopulated + 1);
  vote.fired = vote.statistic > vote.threshold;
  return vote;
}

}  // namespace tocsin::detect
