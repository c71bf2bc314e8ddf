#include <algorithm>
#include <array>
#include <cstddef>

#include "src/detect/histogram_bin.hpp"
#include "src/detect/moments.hpp"
#include "src/detect/skyline.hpp"

namespace tocsin::detect {
namespace {

constexpr std::size_t kBins = 15;

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

HistogramBin histogram_bin(double least, double largest, double tail) {
  const std::array<double, kBins + 1> edges = edges_of(least, largest);
  std::size_t bin = 0;
  if (!(tail <= edges[0])) {
    bin = 1;
    while (bin < kBins && !(tail >= edges[bin] && tail < edges[bin + 1])) ++bin;
    if (bin == kBins) return {};
  }
  return {true, edges[bin], edges[bin + 1], bin == kBins - 1};
}

Vote histogram_vote(std::size_t count) {
  Vote vote;
  // Few is unusual here; the signs make it "statistic above threshold" as everywhere.
  vote.statistic = -static_cast<double>(count);
  vote.threshold = -static_cast<double>(kThinlyPopulated + 1);
  vote.fired = vote.statistic > vote.threshold;
  return vote;
}

Vote histogram_bins(const Window& window, Scratch&) {
  const std::span<const double> values = window.values;
  if (values.empty()) return {};
  const auto [least, largest] = std::minmax_element(values.begin(), values.end());
  const HistogramBin bin = histogram_bin(*least, *largest, tail_of(values));
  if (!bin.is_looked_at) return {};
  const auto count =
      std::count_if(values.begin(), values.end(), [&](double value) { return bin.holds(value); });
  return histogram_vote(static_cast<std::size_t>(count));
}

}  // namespace tocsin::detect
