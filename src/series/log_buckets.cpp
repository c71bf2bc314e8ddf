#include "src/series/log_buckets.hpp"

#include <algorithm>
#include <cmath>

namespace tocsin::series {
namespace {

// A bucket edge as mantissa (1..2) and exponent, so that no edge over- or underflows.
struct Edge {
  double mantissa;
  int exponent;
};

// Solves cubic(s) = rest by Newton's method. The slope stays within 0.74..1.43, so six steps from
// s = rest reach the last bit.
Edge edge_at(double position, double cubic, double square, double linear) noexcept {
  const double floor = std::floor(position);
  const double rest = position - floor;
  double s = rest;
  for (int i = 0; i < 6; ++i) {
    const double value = ((cubic * s + square) * s + linear) * s;
    const double slope = (3 * cubic * s + 2 * square) * s + linear;
    s -= (value - rest) / slope;
  }
  return {1 + std::clamp(s, 0.0, 1.0), static_cast<int>(floor)};
}

}  // namespace

// A bucket spans 1 / per_octave_ of position, and position has slope >= 10/7 in ln(x); so its edges
// are at most exp(0.7 / per_octave_) apart, and that must not exceed (1 + e) / (1 - e). The bucket
// count is a hair (1e-9) larger than needed, to cover the rounding of index().
LogBuckets::LogBuckets(double relative_error) noexcept
    : relative_error_(std::clamp(relative_error, kLeastError, kGreatestError)),
      per_octave_(0.7 * (1 + 1e-9) / (std::log1p(relative_error_) - std::log1p(-relative_error_))) {
}

double LogBuckets::middle(std::int32_t index) const noexcept {
  const Edge low = edge_at(index / per_octave_, kCubic, kSquare, kLinear);
  const Edge high = edge_at((index + 1) / per_octave_, kCubic, kSquare, kLinear);
  // The harmonic mean of the edges has the same relative distance to both.
  const double top = std::ldexp(high.mantissa, high.exponent - low.exponent);
  return std::ldexp(2 * low.mantissa * top / (low.mantissa + top), low.exponent);
}

}  // namespace tocsin::series
