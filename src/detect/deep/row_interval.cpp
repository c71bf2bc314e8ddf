#include "src/detect/deep/row_interval.hpp"

#include <algorithm>

namespace tocsin::detect {

bool RowInterval::add(const Point& point) {
  points_[count_] = point;
  if (++count_ < kPoints) return false;
  std::array<double, kPoints - 1> distances{};
  for (std::size_t i = 0; i + 1 < kPoints; ++i) {
    distances[i] = points_[i + 1].time_s - points_[i].time_s;
  }
  const auto middle = distances.begin() + distances.size() / 2;
  std::nth_element(distances.begin(), middle, distances.end());
  seconds_ = std::max(*middle, kShortest_s);
  return true;
}

}  // namespace tocsin::detect
