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
  std::array<double, kMostCounted + 1> oldest{};  // [n]: of the oldest of n
  std::array<double, kMostCounted + 1> sum{};
  std::array<double, kMostCounted + 1> squares{};

  Weights() {
    double weight = 1;
    for (std::size_t n = 1; n <= kMostCounted; ++n) {
      oldest[n] = weight;
      sum[n] = kDecay * sum[n - 1] + 1;
      squares[n] = kDecay * kDecay * squares[n - 1] + 1;
      weight *= kDecay;
    }
  }
};

const Weights& weights() {
  static const Weights kWeights;
  return kWeights;
}

}  // namespace

void MovingAverage::enter(std::size_t count, double value) {
  const Weights& table = weights();
  const double before = table.sum[std::min(count, kMostCounted)];
  const double after = table.sum[std::min(count + 1, kMostCounted)];
  const double distance = value - mean_;
  const double share = kDecay * before / after;
  squares_error_ = kDecay * squares_error_ + 2 * share * std::abs(distance) * mean_error_;
  squares_ = kDecay * squares_ + share * distance * distance;
  squares_error_ += kRounding * squares_;
  mean_ += distance / after;
  mean_error_ = share * mean_error_ + kRounding * (std::abs(mean_) + std::abs(distance) / after);
}

void MovingAverage::leave(std::size_t count, double value) {
  if (count > kMostCounted) return;
  if (count <= 1) {
    *this = MovingAverage{};
    return;
  }
  const Weights& table = weights();
  const double weight = table.oldest[count];
  const double rest = table.sum[count] - weight;
  const double distance = value - mean_;
  mean_ -= weight / rest * distance;
  mean_error_ = table.sum[count] / rest * mean_error_ +
                kRounding * (std::abs(mean_) + weight / rest * std::abs(distance));
  const double distance_after = value - mean_;
  squares_error_ +=
      weight * (std::abs(distance) + std::abs(distance_after)) * mean_error_ + kRounding * squares_;
  squares_ = std::max(squares_ - weight * distance * distance_after, 0.0);
}

double MovingAverage::deviation(std::size_t count) const {
  const std::size_t n = std::min(count, kMostCounted);
  const double sum = weights().sum[n];
  const double square = sum * sum;
  return std::sqrt(square / (square - weights().squares[n]) * (squares_ / sum));
}

}  // namespace tocsin::detect
