#include "src/detect/deep/course.hpp"

#include <algorithm>
#include <cmath>

namespace tocsin::detect {

namespace {

using Steps = std::array<float, kCourseSteps>;

constexpr float kFlat = 1e-6F;

// To 0..1 by its own extremes; all zero when there is nothing between them.
void rescale(Steps& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const float bottom = *low;
  const float range = *high - bottom;
  // Far below a level there is no shape, only what is left of rounding.
  const float scale = range > kFlat ? 1 / range : 0;
  for (float& value : values) value = (value - bottom) * scale;
}

// In place: the mean first, then details from the coarsest to the finest. Halves are compared by
// their means, so that the one mean does not outgrow the details.
void haar(Steps& values) {
  constexpr float kRootHalf = 0.70710678F;
  for (std::size_t length = kCourseSteps; length > 1; length /= 2) {
    Steps next{};
    for (std::size_t i = 0; i < length / 2; ++i) {
      const float left = values[2 * i];
      const float right = values[2 * i + 1];
      next[i] = (left + right) / 2;
      next[length / 2 + i] = (right - left) * kRootHalf;
    }
    std::copy(next.begin(), next.begin() + static_cast<std::ptrdiff_t>(length), values.begin());
  }
}

std::uint8_t byte_of(double position) {
  return static_cast<std::uint8_t>(std::clamp(position, 0.0, 1.0) * kWhole + 0.5);
}

}  // namespace

Course course_of(std::span<const float, kCourseSteps> steps) {
  Steps shape{};
  std::copy(steps.begin(), steps.end(), shape.begin());
  rescale(shape);
  haar(shape);
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
