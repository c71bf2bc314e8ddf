#include "src/detect/deep/course.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace tocsin::detect {
namespace {

using Steps = std::array<float, kCourseSteps>;

TEST_CASE("each feature stands with what it lacks of the whole") {
  const Course course = course_of(Steps{0, 0.1F, 0.5F, 1, 1, 0.25F, 0, 0.75F});
  for (std::size_t i = 0; i < kFeatures; ++i) CHECK(course[i] + course[i + kFeatures] == kWhole);
  CHECK(course[kFirstStep] == 0);
  CHECK(course[kFirstStep + 2] == 120);
  CHECK(course[kNewestStep] == 180);
}

TEST_CASE("the shape is free of level and size") {
  const Course small = course_of(Steps{0, 0.125F, 0.25F, 0, 0, 0.125F, 0.25F, 0.125F});
  const Course large = course_of(Steps{0.5F, 0.75F, 1, 0.5F, 0.5F, 0.75F, 1, 0.75F});
  CHECK(std::equal(small.begin(), small.begin() + kFirstStep, large.begin()));
  CHECK_FALSE(small == large);
}

TEST_CASE("a constant course has no shape") {
  const Course course = course_of(Steps{0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F});
  CHECK(std::count(course.begin(), course.begin() + kFirstStep, 0) == kFirstStep);
  CHECK(course[kNewestStep] == 120);
}

TEST_CASE("a rise and a fall have opposite details") {
  const Course rise = course_of(Steps{0, 0, 0, 0, 1, 1, 1, 1});
  const Course fall = course_of(Steps{1, 1, 1, 1, 0, 0, 0, 0});
  // The mean, then the coarsest detail. The rise: .5 and .707; the fall: .5 and -.707.
  CHECK(rise[1] == kWhole);
  CHECK(fall[1] == 0);
  CHECK(fall[0] == kWhole);
  CHECK(rise[0] == 170);
}

TEST_CASE("only the level features of a box move") {
  Course box = course_of(Steps{0, 0.5F, 1, 1, 1, 1, 1, 1});
  const Course before = box;
  move_levels(box, {0.5, 0.25});
  CHECK(std::equal(box.begin(), box.begin() + kFirstStep, before.begin()));
  CHECK(box[kFirstStep] == 60);
  CHECK(box[kFirstStep + 1] == 120);
  CHECK(box[kNewestStep] == 180);
  CHECK(box[kNewestStep + kFeatures] == 60);
}

}  // namespace
}  // namespace tocsin::detect
