#include "src/detect/consensus/median_distance.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace tocsin::detect::consensus {
namespace {

struct Distances {
  MedianDistance all;
  MedianDistance::First first{};

  void add(float value) { all.add(value, first); }
  [[nodiscard]] float median() const { return all.median(); }
  [[nodiscard]] float deviation() const { return all.deviation(); }
};

TEST_CASE("of the first 32 the median is exact") {
  Distances distance;
  std::vector<float> sorted;
  std::mt19937 random(2);
  for (std::size_t n = 1; n <= MedianDistance::kExact; ++n) {
    const auto value = static_cast<float>(random() % 1000) - 500;
    distance.add(value);
    sorted.push_back(std::abs(value));
    std::sort(sorted.begin(), sorted.end());
    const float middle = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    REQUIRE(distance.median() == middle);
  }
}

TEST_CASE("it settles where half are smaller, and a change of scale moves it there") {
  Distances distance;
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0, 2);
  for (int i = 0; i < 5000; ++i) distance.add(normal(random));
  CHECK(distance.deviation() == doctest::Approx(2).epsilon(0.1));
  for (int i = 0; i < 5000; ++i) distance.add(10 * normal(random));
  CHECK(distance.deviation() == doctest::Approx(20).epsilon(0.1));
}

TEST_CASE("one huge value moves it no more than any larger one") {
  Distances a;
  Distances b;
  for (int i = 0; i < 300; ++i) {
    a.add(1);
    b.add(1);
  }
  a.add(1e20F);
  b.add(1.1F);
  CHECK(a.median() == b.median());
}

TEST_CASE("a median of zero starts again at a share of the first distance") {
  Distances distance;
  for (int i = 0; i < 100; ++i) distance.add(0);
  CHECK(distance.median() == 0);
  distance.add(-20);
  CHECK(distance.median() == doctest::Approx(1));
}

}  // namespace
}  // namespace tocsin::detect::consensus
