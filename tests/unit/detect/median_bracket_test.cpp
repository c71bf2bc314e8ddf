#include "src/detect/median_bracket.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "src/detect/median.hpp"

namespace tocsin::detect {
namespace {

void check_encloses(const MedianBracket& bracket, std::vector<double> values) {
  const auto [median, distance] = bracket.narrowest();
  const double middle = median_of(values);
  for (double& value : values) value = std::abs(value - middle);
  const double middle_distance = median_of(values);
  CHECK(median.low <= middle);
  CHECK(middle <= median.high);
  CHECK(distance.low <= middle_distance);
  CHECK(middle_distance <= distance.high);
}

// What fill() returns is what sorting says.
void check_fills(MedianBracket& bracket, std::vector<double> values) {
  std::vector<double> copy = values;
  const auto [median, distance] = bracket.fill(copy);
  CHECK(median == median_of(values));
  for (double& value : values) value = std::abs(value - median);
  CHECK(distance == median_of(values));
}

// Points move as `pick` says: whether to enter, and from which end of the sorted values.
void check_moves(std::size_t count, double (*draw)(std::mt19937_64&), bool one_sided) {
  std::mt19937_64 random(count);
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(draw(random));
  MedianBracket bracket;
  check_fills(bracket, values);
  REQUIRE(bracket.is_known());
  std::size_t moves = 0;
  while (bracket.is_known()) {
    check_encloses(bracket, values);
    if (one_sided) {
      // The worst that can come: what is above leaves, what enters is below.
      if (moves % 2 == 0) {
        values.erase(std::max_element(values.begin(), values.end()));
      } else {
        values.push_back(-1e9);
      }
    } else if (random() % 2 == 0) {
      values.push_back(draw(random));
    } else {
      values.erase(values.begin() + static_cast<std::ptrdiff_t>(random() % values.size()));
    }
    bracket.point_moved();
    ++moves;
  }
  CHECK(moves == (count < 726 ? 82 : 722));
}

double of_normal(std::mt19937_64& random) {
  return std::normal_distribution<double>(100, 10)(random);
}
double of_counts(std::mt19937_64& random) {
  return static_cast<double>(std::poisson_distribution<int>(2)(random));
}

TEST_CASE("the bracket holds as long as it says") {
  for (const std::size_t count : {86U, 87U, 500U, 726U, 727U, 3000U}) {
    for (const bool one_sided : {false, true}) {
      CAPTURE(count);
      CAPTURE(one_sided);
      check_moves(count, of_normal, one_sided);
      check_moves(count, of_counts, one_sided);
    }
  }
}

TEST_CASE("too few values have no bracket") {
  std::vector<double> values(85, 1.0);
  MedianBracket bracket;
  check_fills(bracket, values);
  CHECK_FALSE(bracket.is_known());
}

// Many values are looked at through a sample, which these orders mislead.
TEST_CASE("the bracket holds whatever order many values have") {
  constexpr std::size_t kCount = 8640;
  std::mt19937_64 random(3);
  std::vector<double> values;
  for (std::size_t i = 0; i < kCount; ++i) values.push_back(of_normal(random));
  const auto check = [](const std::vector<double>& all) {
    MedianBracket bracket;
    check_fills(bracket, all);
    REQUIRE(bracket.is_known());
    check_encloses(bracket, all);
  };
  check(values);
  std::ranges::sort(values);
  check(values);
  // Every 16th, which is who is asked, lies far from the others.
  for (std::size_t i = 0; i < kCount; i += 16) values[i] = 1e9;
  check(values);
  for (std::size_t i = 0; i < kCount; i += 16) values[i] = -1e9;
  check(values);
  for (std::size_t i = 0; i < kCount; ++i) values[i] = i % 3 == 0 ? 1 : 0;
  check(values);
  check(std::vector<double>(kCount, 5.0));
}

}  // namespace
}  // namespace tocsin::detect
