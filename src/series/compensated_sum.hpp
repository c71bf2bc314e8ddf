// A running sum that keeps the low bits an ordinary double addition throws away.
// Source:  A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen",
//          ZAMM 54 (1974); his form of Kahan's summation also serves terms larger than the sum.
// Cost:    four additions a term. The error no longer grows with the number of terms.
#pragma once

#include <cmath>

namespace tocsin::series {

class CompensatedSum {
 public:
  void add(double term) noexcept {
    const double next = sum_ + term;
    lost_ += std::abs(sum_) >= std::abs(term) ? (sum_ - next) + term : (term - next) + sum_;
    sum_ = next;
  }
  void add(const CompensatedSum& other) noexcept {
    add(other.sum_);
    lost_ += other.lost_;
  }
  // Beyond the range of double the correction is a NaN, the plain sum an infinity: say that.
  [[nodiscard]] double value() const noexcept { return std::isfinite(lost_) ? sum_ + lost_ : sum_; }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

}  // namespace tocsin::series
