// What a series is like at each hour of the day, and how far a value is off that.
// Idea:    a running mean per hour. An odd value must not teach its hour much, so what a mean
//          learns at once is at most six typical residuals.
// Cost:    constant, no allocation; in floats 210 bytes, in doubles 420.
// Source:  the residual channel of our measurements of memories without foreknowledge.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace tocsin::detect {

template <class Real>
class HourMeans {
 public:
  HourMeans() = default;
  // `pace`: 1 for rows a minute or more apart, less for faster ones: the share of a row each is.
  explicit HourMeans(Real pace) : pace_(pace) {}

  // The value less the mean of its hour before it; then the mean learns it. 0 at the first value
  // that an hour ever has. Precondition: hour < 24.
  Real residual(std::uint32_t hour, Real value) {
    Real& mean = hours_[hour].mean;
    std::uint16_t& count = hours_[hour].count;
    if (count == 0) {
      mean = value;
      count = 1;
      expected_ = mean;
      return 0;
    }
    expected_ = mean;
    const Real residual = value - mean;
    if (count < kEnough) ++count;
    // Until something is typical nothing can be odd.
    const Real most = seen_ == 0 ? std::abs(residual) : kMostTypicals * typical_;
    mean += rate_of(count, kSlowestRate) * std::clamp(residual, -most, most);
    if (seen_ < kEnough) ++seen_;
    typical_ += rate_of(seen_, kSlowestTypicalRate) * (std::abs(residual) - typical_);
    return residual;
  }

  // The mean that the last value was compared with.
  [[nodiscard]] Real expected() const { return expected_; }
  [[nodiscard]] bool knows(std::uint32_t hour) const { return hours_[hour].count > 0; }

  // `largest`: beyond what its values are.
  template <class Self, class State>
  static void visit_state(Self& self, State& state, Real largest) {
    state.number(self.pace_, Real{0}, Real{1});
    for (auto& hour : self.hours_) state.number(hour.mean, -largest, largest);
    for (auto& hour : self.hours_) state.count(hour.count, kEnough);
    state.number(self.typical_, Real{0}, 2 * largest);
    state.count(self.seen_, kEnough);
    state.number(self.expected_, -largest, largest);
  }

 private:
  static constexpr Real kSlowestRate = Real(0.02);
  static constexpr Real kSlowestTypicalRate = Real(0.01);
  static constexpr Real kMostTypicals = 6;
  // Where the slowest rates of all but the fastest rows have taken over; counts stay there.
  static constexpr std::uint16_t kEnough = 65'535;

  struct Hour {
    Real mean = 0;
    std::uint16_t count = 0;
  };

  [[nodiscard]] Real rate_of(std::uint16_t count, Real slowest) const {
    const auto seen = static_cast<Real>(count);
    const Real rate = slowest * pace_;
    return seen * rate >= 1 ? rate : 1 / seen;  // the larger; mostly without a division
  }

  Real pace_ = 1;
  Real typical_ = 0;  // mean absolute residual
  Real expected_ = 0;
  std::uint16_t seen_ = 0;
  std::array<Hour, 24> hours_{};  // a row touches one, behind what each row touches
};

}  // namespace tocsin::detect
