#include "src/detect/deep/category_memory.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "src/detect/memory/state_io.hpp"

namespace tocsin::detect {
namespace {

Course random_course(std::mt19937& random) {
  std::array<float, kCourseSteps> steps{};
  for (float& step : steps) step = static_cast<float>(random() % 81) / 80;
  return course_of(steps);
}

// The definition, in double and byte by byte.
double naive_match(const Course& course, std::span<const std::uint8_t, kCourseBytes> box) {
  double shared = 0;
  double whole = 0;
  for (std::size_t i = 0; i < kCourseBytes; ++i) {
    shared += std::min(course[i], box[i]);
    whole += box[i];
  }
  const std::size_t complement = kNewestStep + kFeatures;
  const double shared_newest = std::min(course[kNewestStep], box[kNewestStep]) +
                               std::min(course[complement], box[complement]);
  const double whole_newest = box[kNewestStep] + box[complement];
  const double all = whole > 0 ? shared / whole : 1;
  const double newest = whole_newest > 0 ? shared_newest / whole_newest : 1;
  return std::pow(all, 3) * std::pow(newest, 2);
}

TEST_CASE("matches are those of the definition, whatever the number of boxes") {
  std::mt19937 random(1);
  CategoryMemory memory;
  CategoryMemory::Matches matches;
  for (std::uint32_t step = 0; step < 300; ++step) {
    const Course course = random_course(random);
    memory.compare(course, matches);
    REQUIRE(matches.count == memory.size());
    double best = 0;
    for (std::size_t i = 0; i < memory.size(); ++i) {
      const double expected = naive_match(course, memory.box(i));
      REQUIRE(matches.each[i] == doctest::Approx(expected).epsilon(1e-5));
      best = std::max(best, expected);
    }
    CHECK(matches.similarity == doctest::Approx(best).epsilon(1e-5));
    if (memory.size() > 0) CHECK(matches.each[matches.nearest()] == matches.similarity);
    // Low enough for boxes that grow until they are everywhere whole.
    memory.learn(course, matches, step < 100 ? 0.9F : 0.3F, step);
  }
}

TEST_CASE("what was learned matches wholly") {
  std::mt19937 random(2);
  CategoryMemory memory;
  CategoryMemory::Matches matches;
  const Course course = random_course(random);
  memory.compare(course, matches);
  CHECK(matches.similarity == 0);
  CHECK(matches.nearest() == CategoryMemory::kNone);
  memory.learn(course, matches, 0.9F, 0);
  memory.compare(course, matches);
  CHECK(matches.similarity == 1);
  CHECK(matches.nearest() == 0);
  CHECK(memory.uses(0) == 1);
}

TEST_CASE("every category that matches grows, and none is made") {
  std::mt19937 random(4);
  CategoryMemory memory;
  CategoryMemory::Matches matches;
  for (std::uint32_t i = 0; i < 2; ++i) {
    const Course course = random_course(random);
    memory.compare(course, matches);
    memory.learn(course, matches, 1, i);
  }
  const Course course = random_course(random);
  memory.compare(course, matches);
  memory.learn(course, matches, 0, 9);
  CHECK(memory.size() == 2);
  memory.compare(course, matches);
  CHECK(matches.each[0] == 1);
  CHECK(matches.each[1] == 1);
  CHECK(memory.uses(1) == 2);
  CHECK(memory.last_use(0) == 9);
}

TEST_CASE("a full memory forgets what was not used for longest") {
  std::mt19937 random(5);
  CategoryMemory memory;
  CategoryMemory::Matches matches;
  std::array<Course, CategoryMemory::kMaxCategories + 1> courses{};
  std::uint32_t step = 0;
  for (Course& course : courses) {
    // Farther apart from each other than one byte.
    course = random_course(random);
    if (&course == &courses.back()) {
      memory.compare(courses[0], matches);  // the first is used again; the second is the oldest
      memory.learn(courses[0], matches, 1, step++);
    }
    memory.compare(course, matches);
    memory.learn(course, matches, 1, step++);
  }
  CHECK(memory.size() == CategoryMemory::kMaxCategories);
  memory.compare(courses[0], matches);
  CHECK(matches.similarity == 1);
  memory.compare(courses[1], matches);
  CHECK(matches.similarity < 1);
}

TEST_CASE("a box turned inside out is not restored") {
  std::mt19937 random(6);
  CategoryMemory memory;
  CategoryMemory::Matches matches;
  const Course course = random_course(random);
  memory.compare(course, matches);
  memory.learn(course, matches, 1, 0);
  std::string state;
  StateWriter out(state);
  CategoryMemory::visit_state(memory, out);
  state[4] = static_cast<char>(kWhole);
  state[4 + kFeatures] = 1;
  StateReader in(state);
  CategoryMemory::visit_state(memory, in);
  CHECK_FALSE(in.ok());
}

}  // namespace
}  // namespace tocsin::detect
