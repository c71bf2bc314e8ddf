#include "src/detect/deep/first_vigilance.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

namespace tocsin::detect {
namespace {

std::vector<Course> courses_of(int levels) {
  std::mt19937 random(7);
  std::vector<Course> courses;
  for (int i = 0; i < 53; ++i) {
    std::array<float, kCourseSteps> steps{};
    for (float& step : steps) {
      step = 0.5F + static_cast<float>(random() % static_cast<unsigned>(levels)) / 80;
    }
    courses.push_back(course_of(steps));
  }
  return courses;
}

TEST_CASE("courses all alike ask for all") {
  CHECK(first_vigilance(courses_of(1)) == 1);
}

TEST_CASE("courses unlike each other ask for less") {
  const float wild = first_vigilance(courses_of(40));
  CHECK(wild > 0.1F);
  CHECK(wild < 0.9F);
}

TEST_CASE("one course is enough to have a vigilance") {
  const std::vector<Course> one{courses_of(40).front()};
  const float vigilance = first_vigilance(one);
  CHECK(vigilance >= 0);
  CHECK(vigilance <= 1);
}

}  // namespace
}  // namespace tocsin::detect
