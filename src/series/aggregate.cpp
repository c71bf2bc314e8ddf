#include "src/series/aggregate.hpp"

#include <algorithm>

namespace tocsin::series {

void Aggregate::merge(const Aggregate& other) noexcept {
  if (other.count == 0) return;
  if (count == 0) {
    *this = other;
    return;
  }
  const double mine = count;
  const double theirs = other.count;
  const double distance = other.mean() - mean();
  m2 += other.m2 + distance * distance * (mine * theirs / (mine + theirs));
  sum += other.sum;
  min = std::min(min, other.min);
  max = std::max(max, other.max);
  count += other.count;
}

Aggregate aggregate_of(std::span<const double> values) noexcept {
  Aggregate all;
  if (values.empty()) return all;
  all.count = static_cast<std::uint32_t>(values.size());
  for (const double value : values) {
    all.sum += value;
    all.min = std::min(all.min, value);
    all.max = std::max(all.max, value);
  }
  // `drift` is what rounding left in the mean; without it m2 would carry its square n times.
  const double mean = all.mean();
  double drift = 0;
  for (const double value : values) {
    const double distance = value - mean;
    all.m2 += distance * distance;
    drift += distance;
  }
  all.m2 = std::max(0.0, all.m2 - drift * drift / all.count);
  return all;
}

}  // namespace tocsin::series
