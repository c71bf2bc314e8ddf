// How far apart the points of a series are: the median of its first 32 distances.
// A detector that counts in rows cannot begin before it knows; the points until then are kept here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "src/detect/deep/limits.hpp"
#include "tocsin/stream_detector.hpp"

namespace tocsin::detect {

class RowInterval {
 public:
  static constexpr std::size_t kPoints = 33;

  // Precondition: !known(). True when this point made it known.
  bool add(const Point& point);

  [[nodiscard]] bool known() const { return seconds_ > 0; }
  // 0 while unknown.
  [[nodiscard]] double seconds() const { return seconds_; }
  // The points that were needed for it, or are there so far.
  [[nodiscard]] std::span<const Point> points() const { return {points_.data(), count_}; }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    state.number(self.seconds_, 0.0, kLatest_s);
    state.require(self.seconds_ == 0 || self.seconds_ >= kShortest_s);
    // Once known, the points have been passed on.
    std::uint32_t count = self.known() ? 0 : self.count_;
    state.count(count, self.known() ? 0 : kPoints - 1);
    for (std::uint32_t i = 0; i < count; ++i) {
      state.number(self.points_[i].time_s, -kLatest_s, kLatest_s);
      state.number(self.points_[i].value, -kLargestValue, kLargestValue);
    }
    if constexpr (State::kReads) self.count_ = count;
  }

 private:
  // A clock that stood still, or points out of order, must not make an interval of nothing.
  static constexpr double kShortest_s = 1e-3;

  std::array<Point, kPoints> points_{};
  std::uint32_t count_ = 0;
  double seconds_ = 0;
};

}  // namespace tocsin::detect
