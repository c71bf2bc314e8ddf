#include "src/detect/deep/row_interval.hpp"

#include <algorithm>

#include "src/detect/deep/limits.hpp"

namespace tocsin::detect {

namespace {

// A clock that stood still, or points out of order, must not make an interval of nothing.
constexpr double kShortest_s = 1e-3;

}  // namespace

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

void RowInterval::save(StateWriter& out) const {
  out.number(seconds_);
  // Once known, the points have been passed on.
  out.integer(known() ? std::uint32_t{0} : count_);
  if (known()) return;
  for (const Point& point : points()) {
    out.number(point.time_s);
    out.number(point.value);
  }
}

void RowInterval::restore(StateReader& in) {
  seconds_ = in.number(0.0, kLatest_s);
  in.require(seconds_ == 0 || seconds_ >= kShortest_s);
  count_ = in.integer<std::uint32_t>(known() ? 0 : kPoints - 1);
  for (std::uint32_t i = 0; i < count_; ++i) {
    points_[i].time_s = in.number(-kLatest_s, kLatest_s);
    points_[i].value = in.number(-kLargestValue, kLargestValue);
  }
}

}  // namespace tocsin::detect
