#include "src/detect/deep/course.hpp"

#include <algorithm>

namespace tocsin::detect {

namespace {

using Steps = std::array<float, kCourseSteps>;

// To 0..1 by its own extremes; all zero when there is nothing between them.
void rescale(Steps& values) {
  float low = values[0];
  float high = values[0];
  for (const float value : values) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  // Far below a level there is no shape, only what is left of rounding.
  constexpr float kFlat = 1e-6F;
  const float range = high - low;
  const float scale = range > kFlat ? 1 / range : 0;
  for (float& value : values) value = (value - low) * scale;
}

// The mean, then details from the coarsest to the finest. Halves are compared by their means, so
// that the one mean does not outgrow the details.
Steps haar(const Steps& values) {
  constexpr float kRootHalf = 0.70710678F;
  Steps transformed{};
  Steps means = values;
  for (std::size_t half = kCourseSteps / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) {
      const float left = means[2 * i];
      const float right = means[2 * i + 1];
      transformed[half + i] = (right - left) * kRootHalf;
      means[i] = (left + right) / 2;
    }
  }
  transformed[0] = means[0];
  return transformed;
}

template <class Number>
std::uint8_t byte_of(Number position) {
  const Number inside = std::min(std::max(position, Number{0}), Number{1});
  return static_cast<std::uint8_t>(static_cast<int>(inside * Number{kWhole} + Number{0.5}));
}

}  // namespace

Course course_of(std::span<const float, kCourseSteps> steps) {
  Steps shape{};
  std::copy(steps.begin(), steps.end(), shape.begin());
  rescale(shape);
  shape = haar(shape);
  rescale(shape);
  Course course{};
  for (std::size_t i = 0; i < kCourseSteps; ++i) {
    course[i] = byte_of(shape[i]);
    course[kFirstStep + i] = byte_of(steps[i]);
  }
  for (std::size_t i = 0; i < kFeatures; ++i) {
    course[kFeatures + i] = static_cast<std::uint8_t>(kWhole - course[i]);
  }
  return course;
}

void move_levels(std::span<std::uint8_t, kCourseBytes> box, const LevelShift& shift) {
  constexpr double kUnit = 1.0 / kWhole;
  for (std::size_t i = kFirstStep; i < kFeatures; ++i) {
    const double low = shift.moved(box[i] * kUnit);
    const double high = shift.moved((kWhole - box[kFeatures + i]) * kUnit);
    box[i] = byte_of(low);
    box[kFeatures + i] = static_cast<std::uint8_t>(kWhole - byte_of(high));
  }
}

}  // namespace tocsin::detect
