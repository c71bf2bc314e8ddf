#include "src/detect/deep/level_median.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace tocsin::detect {

int LevelMedian::add(int level) {
  if (total_ == 0) median_ = static_cast<std::uint8_t>(level);
  ++counts_[static_cast<std::size_t>(level)];
  ++total_;
  if (level < median_) ++below_;
  const int above = total_ - below_ - counts_[median_];
  if (2 * below_ > total_) {
    do --median_;
    while (counts_[median_] == 0);
    below_ = static_cast<std::uint16_t>(below_ - counts_[median_]);
  } else if (2 * above > total_) {
    below_ = static_cast<std::uint16_t>(below_ + counts_[median_]);
    do ++median_;
    while (counts_[median_] == 0);
  }
  if (total_ >= kMostSteps) halve();
  return median_;
}

void LevelMedian::move(const LevelShift& shift) {
  const auto moved = [&shift](std::size_t level) {
    const double place = shift.moved(static_cast<double>(level) / LevelScale::kTopLevel);
    return static_cast<std::size_t>(
        std::lround(LevelScale::kTopLevel * std::clamp(place, 0.0, 1.0)));
  };
  std::array<std::uint16_t, kLevels> counts{};
  for (std::size_t level = 0; level < counts_.size(); ++level) {
    if (counts_[level] == 0) continue;
    counts[moved(level)] = static_cast<std::uint16_t>(counts[moved(level)] + counts_[level]);
  }
  counts_ = counts;
  median_ = static_cast<std::uint8_t>(moved(median_));
  below_ =
      static_cast<std::uint16_t>(std::accumulate(counts_.begin(), counts_.begin() + median_, 0));
}

void LevelMedian::halve() {
  for (std::uint16_t& count : counts_) count = static_cast<std::uint16_t>((count + 1) / 2);
  total_ = static_cast<std::uint16_t>(std::accumulate(counts_.begin(), counts_.end(), 0));
  below_ =
      static_cast<std::uint16_t>(std::accumulate(counts_.begin(), counts_.begin() + median_, 0));
}

bool LevelMedian::renew_derived() {
  const auto total = std::accumulate(counts_.begin(), counts_.end(), std::uint32_t{0});
  // The search for the next occupied level relies on there being one.
  if (total >= kMostSteps || (total > 0 && counts_[median_] == 0)) return false;
  total_ = static_cast<std::uint16_t>(total);
  below_ =
      static_cast<std::uint16_t>(std::accumulate(counts_.begin(), counts_.begin() + median_, 0));
  return true;
}

}  // namespace tocsin::detect
