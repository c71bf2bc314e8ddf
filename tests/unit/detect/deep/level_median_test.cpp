#include "src/detect/deep/level_median.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "src/detect/memory/state_io.hpp"

namespace tocsin::detect {
namespace {

TEST_CASE("after enough of the same, the median is that of all levels") {
  std::mt19937 random(3);
  LevelMedian median;
  std::vector<int> levels;
  for (int i = 0; i < 2001; ++i) {
    levels.push_back(static_cast<int>(random() % 30 + random() % 30));
    (void)median.add(levels.back());
  }
  std::nth_element(levels.begin(), levels.begin() + 1000, levels.end());
  CHECK(std::abs(median.median() - levels[1000]) <= 1);
}

TEST_CASE("the median moves one occupied level a step") {
  LevelMedian median;
  CHECK(median.add(10) == 10);
  CHECK(median.add(80) == 10);
  CHECK(median.add(80) == 80);
  CHECK(median.add(40) == 80);
  CHECK(median.add(0) == 40);
}

TEST_CASE("levels move with the range") {
  LevelMedian median;
  for (const int level : {20, 40, 40, 60}) (void)median.add(level);
  CHECK(median.median() == 40);
  median.move({0.5, 0.5});
  CHECK(median.median() == 60);
  CHECK(median.add(70) == 60);
}

TEST_CASE("years of steps fit") {
  LevelMedian median;
  for (int i = 0; i < 200'000; ++i) (void)median.add(i % 3 == 0 ? 10 : 50);
  CHECK(median.median() == 50);
}

TEST_CASE("a median where nothing lies is not restored") {
  std::string state;
  StateWriter out(state);
  LevelMedian median;
  (void)median.add(5);
  LevelMedian::visit_state(median, out);
  state.back() = 6;
  StateReader in(state);
  LevelMedian::visit_state(median, in);
  CHECK_FALSE(in.ok());
}

}  // namespace
}  // namespace tocsin::detect
