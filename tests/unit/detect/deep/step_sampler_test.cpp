#include "src/detect/deep/step_sampler.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace tocsin::detect {
namespace {

// The rows, counted from 0, with which a step of `step_s` ends.
std::vector<int> ends(double step_s, double row_s, int rows, double jitter_s = 0) {
  StepSampler sampler(step_s, row_s);
  std::vector<int> ended;
  for (int i = 0; i < rows; ++i) {
    const double jitter = i % 3 == 1 ? jitter_s : 0;
    const StepSampler::Ended step = sampler.add({1e9 + i * row_s + jitter, 100});
    CHECK_FALSE(step.late);
    CHECK_FALSE(step.gap);
    if (step.now) ended.push_back(i);
  }
  return ended;
}

TEST_CASE("a step ends with the last row that it can hold") {
  CHECK(ends(900, 300, 9) == std::vector<int>{2, 5, 8});
  CHECK(ends(300, 300, 3) == std::vector<int>{0, 1, 2});
  CHECK(ends(1350, 300, 18) == std::vector<int>{3, 8, 12, 17});  // 4.5 rows: 4 and 5 in turn
  CHECK(ends(900, 300, 9, 40) == std::vector<int>{2, 5, 8});
}

TEST_CASE("ripple is averaged, a spike survives") {
  StepSampler sampler(900, 300);
  (void)sampler.add({0, 100});
  (void)sampler.add({300, 102});
  CHECK(*sampler.add({600, 98}).now == 100);
  SUBCASE("upward") {
    (void)sampler.add({900, 100});
    (void)sampler.add({1200, 160});
    CHECK(*sampler.add({1500, 100}).now == 160);
  }
  SUBCASE("downward, farther from the centre") {
    (void)sampler.add({900, 20});
    (void)sampler.add({1200, 130});
    CHECK(*sampler.add({1500, 100}).now == 20);
  }
}

TEST_CASE("a gap ends the step with what had arrived") {
  StepSampler sampler(900, 300);
  (void)sampler.add({0, 100});
  SUBCASE("short") {
    const StepSampler::Ended step = sampler.add({2700, 50});
    CHECK(*step.late == 100);
    CHECK_FALSE(step.gap);
    CHECK_FALSE(step.now);
    (void)sampler.add({3000, 50});
    CHECK(sampler.add({3300, 50}).now);  // still in time with the first row
  }
  SUBCASE("long") {
    const StepSampler::Ended step = sampler.add({90'000, 50});
    CHECK(*step.late == 100);
    CHECK(step.gap);
  }
  SUBCASE("one row long, into the next step") {
    const StepSampler::Ended step = sampler.add({900, 50});
    CHECK(*step.late == 100);
    CHECK_FALSE(step.gap);
  }
}

}  // namespace
}  // namespace tocsin::detect
