// MovingAverage: the exponentially weighted mean and deviation of a window, as pandas' ewm(com=50)
// with adjust gives them, kept up to date as points enter and leave.
// Output:  with a bound of what rounding has made of it, which fades as fast as the points do.
// Cost:    constant; to leave is free once the oldest point weighs nothing, which is from 2,049
//          points on. 32 bytes.
// Source:  the weighted incremental mean and variance of T. Finch, "Incremental calculation of
//          weighted mean and variance", 2009.
#pragma once

#include <cstddef>

namespace tocsin::detect {

class MovingAverage {
 public:
  // `count`: how many points there are before it enters.
  void enter(std::size_t count, double value);
  // The oldest. `count`: how many points there are before it leaves.
  void leave(std::size_t count, double value);

  [[nodiscard]] double mean() const noexcept { return mean_; }
  [[nodiscard]] double mean_error() const noexcept { return mean_error_; }
  // Freed of bias. Precondition: `count` points, two or more.
  [[nodiscard]] double variance(std::size_t count) const;
  // The share of the deviation, the root of the variance, that it may be wrong by.
  [[nodiscard]] double deviation_error() const noexcept {
    return squares_error_ <= squares_ ? squares_error_ / squares_ : 1;
  }

 private:
  double mean_ = 0;
  double squares_ = 0;  // weighted sum of squared distances from the mean
  double mean_error_ = 0;
  double squares_error_ = 0;
};

}  // namespace tocsin::detect
