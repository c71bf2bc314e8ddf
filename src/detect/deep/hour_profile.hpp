// What a series is like at each hour of the day (UTC), and how far a point is off that.
// Idea:    a running mean per hour. An odd point must not teach its hour much, so what a mean
//          learns at once is at most six typical residuals.
// Cost:    constant, no allocation.
#pragma once

#include <array>
#include <cstdint>

#include "src/detect/deep/state_bytes.hpp"
#include "tocsin/stream_detector.hpp"

namespace tocsin::detect {

class HourProfile {
 public:
  // `pace`: 1 for rows a minute or more apart, less for faster ones: the share of a row each is.
  explicit HourProfile(double pace = 1) : pace_(pace) {}

  // The point less the mean of its hour before it; then the mean learns it. 0 at the first point
  // that an hour ever has.
  double residual(const Point& point);

  // The mean that the last point was compared with.
  [[nodiscard]] double expected() const { return expected_; }

  void save(StateWriter& out) const;
  void restore(StateReader& in);

 private:
  double pace_;
  std::array<double, 24> means_{};
  std::array<std::uint32_t, 24> counts_{};
  double typical_ = 0;  // mean absolute residual
  std::uint32_t count_ = 0;
  double expected_ = 0;
};

}  // namespace tocsin::detect
