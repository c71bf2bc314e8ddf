#include "src/detect/moving_average.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace tocsin::detect {
namespace {

// A centre of mass of 50 points: each point weighs 50/51 of the next newer one.
constexpr double kDecay = 50.0 / 51.0;
// An older point weighs less than 3e-18.
constexpr std::size_t kMostCounted = 2048;

// What one step may round a result by, several operations together.
constexpr double kRounding = 0x1p-50;

// Of windows of 0, 1, .. points.
struct Weights {
  std::array<double, kMostCounted + 1> oldest{};    // [n]: of the oldest of n
  std::array<double, kMostCounted + 1> sum{};       // of all
  std::array<double, kMostCounted + 1> newest{};    // that of the newest as a share of all
  std::array<double, kMostCounted + 1> older{};     // that of all others
  std::array<double, kMostCounted + 1> variance{};  // the unbiased, of a weighted sum of squares

  constexpr Weights() {
    double weight = 1;
    double squares = 0;
    for (std::size_t n = 1; n <= kMostCounted; ++n) {
      oldest[n] = weight;
      sum[n] = kDecay * sum[n - 1] + 1;
      squares = kDecay * kDecay * squares + 1;
      newest[n] = 1 / sum[n];
      older[n] = kDecay * sum[n - 1] / sum[n];
      if (n > 1) variance[n] = sum[n] / (sum[n] * sum[n] - squares);
      weight *= kDecay;
    }
  }
};
constexpr Weights kWeights;

}  // namespace

void MovingAverage::enter(std::size_t count, double value) {
  const std::size_t n = std::min(count + 1, kMostCounted);
  const double share = kWeights.older[n];
  const double distance = value - mean_;
  const double change = distance * kWeights.newest[n];
  squares_error_ = kDecay * squares_error_ + 2 * share * std::abs(distance) * mean_error_;
  squares_ = kDecay * squares_ + share * distance * distance;
  squares_error_ += kRounding * squares_;
  mean_ += change;
  mean_error_ = share * mean_error_ + kRounding * (std::abs(mean_) + std::abs(change));
}

void MovingAverage::leave(std::size_t count, double value) {
  if (count > kMostCounted) return;
  if (count <= 1) {
    *this = MovingAverage{};
    return;
  }
  const double weight = kWeights.oldest[count];
  const double rest = kWeights.sum[count] - weight;
  const double distance = value - mean_;
  mean_ -= weight / rest * distance;
  mean_error_ = kWeights.sum[count] / rest * mean_error_ +
                kRounding * (std::abs(mean_) + weight / rest * std::abs(distance));
  const double distance_after = value - mean_;
  squares_error_ +=
      weight * (std::abs(distance) + std::abs(distance_after)) * mean_error_ + kRounding * squares_;
  squares_ = std::max(squares_ - weight * distance * distance_after, 0.0);
}

double MovingAverage::variance(std::size_t count) const {
  return kWeights.variance[std::min(count, kMostCounted)] * squares_;
}

}  // namespace tocsin::detect
