#include "src/series/ddsketch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "tests/unit/series/value_sources.hpp"

namespace tocsin::series {
namespace {

constexpr std::size_t kRoom = 64 << 20;

void fill(DdSketch& sketch, std::span<const double> values) {
  bool added = true;
  for (const double value : values) added = sketch.add(value) && added;
  REQUIRE(added);
}

TEST_CASE("every quantile of every distribution is within the relative error") {
  Arena arena(kRoom);
  for (const double error : {0.005, 0.01, 0.1}) {
    for (const Source& source : sources()) {
      CAPTURE(source.name);
      CAPTURE(error);
      for (const std::size_t count : {1u, 2u, 7u, 100u, 20'000u}) {
        std::vector<double> values = draw(source, count, count);
        DdSketch sketch(arena, error);
        fill(sketch, values);
        std::sort(values.begin(), values.end());
        CHECK(sketch.count() == static_cast<double>(count));
        CHECK(sketch.min() == values.front());
        CHECK(sketch.max() == values.back());
        double worst = 0;
        for (int step = 0; step <= 1000; ++step) {
          const double q = step / 1000.0;
          const double exact = values[static_cast<std::size_t>(q * static_cast<double>(count - 1))];
          const double found = sketch.quantile(q);
          worst = std::max(
              worst, exact == 0 ? std::abs(found) : std::abs(found - exact) / std::abs(exact));
        }
        CHECK(worst <= error);
      }
    }
  }
  CHECK(arena.bytes_in_use() == 0);
}

TEST_CASE("merging two sketches equals one sketch of both streams") {
  Arena arena(kRoom);
  for (const Source& a : sources()) {
    for (const Source& b : sources()) {
      CAPTURE(a.name);
      CAPTURE(b.name);
      const std::vector<double> first = draw(a, 3000, 1);
      const std::vector<double> second = draw(b, 500, 2);
      DdSketch merged(arena);
      DdSketch other(arena);
      DdSketch whole(arena);
      fill(merged, first);
      fill(other, second);
      fill(whole, first);
      fill(whole, second);
      REQUIRE(merged.merge(other));
      CHECK(merged.same_distribution(whole));
      CHECK(merged.sum() == doctest::Approx(whole.sum()).epsilon(1e-12));
    }
  }
}

TEST_CASE("a range of more than 2048 buckets keeps the largest magnitudes exact, in any order") {
  Arena arena(kRoom);
  std::vector<double> values;
  for (int exponent = -300; exponent <= 300; ++exponent) values.push_back(std::pow(10.0, exponent));
  DdSketch rising(arena);
  fill(rising, values);
  std::reverse(values.begin(), values.end());
  DdSketch falling(arena);
  fill(falling, values);
  std::shuffle(values.begin(), values.end(), std::mt19937_64(11));
  DdSketch shuffled(arena);
  fill(shuffled, values);
  CHECK(rising.same_distribution(falling));
  CHECK(rising.same_distribution(shuffled));
  CHECK(rising.memory_bytes() <= 2048 * sizeof(double));
  for (int decade = 284; decade <= 300; ++decade) {
    const double exact = std::pow(10.0, decade);
    CHECK(std::abs(rising.value_at_rank(decade + 300) - exact) <= 0.01 * exact);
  }
}

TEST_CASE("a weight counts as that many values") {
  Arena arena(kRoom);
  DdSketch weighted(arena);
  DdSketch repeated(arena);
  std::mt19937_64 random(12);
  for (int i = 0; i < 500; ++i) {
    const double value = std::normal_distribution<double>(0, 10)(random);
    const auto times = 1 + random() % 5;
    REQUIRE(weighted.add(value, static_cast<double>(times)));
    for (std::uint64_t k = 0; k < times; ++k) REQUIRE(repeated.add(value));
  }
  CHECK(weighted.same_distribution(repeated));
}

TEST_CASE("what is not a finite value with a positive weight is refused") {
  Arena arena(kRoom);
  DdSketch sketch(arena);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  for (const double value : {kInfinity, -kInfinity, kNan}) CHECK_FALSE(sketch.add(value));
  for (const double weight : {0.0, -1.0, kInfinity, kNan}) CHECK_FALSE(sketch.add(1, weight));
  CHECK(sketch.count() == 0);
  CHECK(std::isnan(sketch.quantile(0.5)));
}

TEST_CASE("without memory a value is refused and the sketch stays as it was") {
  Arena arena(600);
  DdSketch sketch(arena);
  REQUIRE(sketch.add(1));
  CHECK_FALSE(sketch.add(1e9));
  CHECK(sketch.count() == 1);
  CHECK(sketch.quantile(1) == 1);
  CHECK(arena.refused() > 0);
  REQUIRE(sketch.add(1.01));
  CHECK(sketch.count() == 2);
}

TEST_CASE("values added together give what they give one by one, or nothing at all") {
  Arena arena(kRoom);
  DdSketch one_by_one(arena);
  DdSketch together(arena);
  std::mt19937_64 random(8);
  std::normal_distribution<double> normal(0, 50);
  for (int round = 0; round < 40; ++round) {
    std::vector<double> values(static_cast<std::size_t>(round) % 7 * 11);
    for (double& value : values)
      value = round % 3 == 0 ? std::round(normal(random) / 40) : normal(random);
    for (const double value : values) REQUIRE(one_by_one.add(value));
    REQUIRE(together.add(values));
  }
  CHECK(together.same_distribution(one_by_one));
  CHECK(together.sum() == one_by_one.sum());
  const double faulty[] = {1, 2, std::numeric_limits<double>::quiet_NaN()};
  CHECK_FALSE(together.add(faulty));
  CHECK(together.same_distribution(one_by_one));
}

TEST_CASE("without memory, values beyond the buckets in use count in the nearest") {
  Arena arena(600);
  DdSketch sketch(arena);
  REQUIRE(sketch.add(100));
  const double values[] = {1e9, 1e-9, -3, 0};
  CHECK_FALSE(sketch.add(values));
  CHECK(sketch.count() == 1);
  sketch.add_nearest(values);
  CHECK(sketch.count() == 5);
  CHECK(sketch.min() == -3);
  CHECK(sketch.max() == 1e9);
  CHECK(sketch.sum() == doctest::Approx(1e9 + 97));
  CHECK(sketch.quantile(0.75) == doctest::Approx(100).epsilon(0.01));
}

TEST_CASE("a moved sketch leaves an empty one that can be used again") {
  Arena arena(kRoom);
  DdSketch from(arena);
  REQUIRE(from.add(5));
  DdSketch to(std::move(from));
  CHECK(to.count() == 1);
  CHECK(from.count() == 0);  // NOLINT(bugprone-use-after-move): the promise under test
  REQUIRE(from.add(7));
  CHECK(from.max() == 7);
}

}  // namespace
}  // namespace tocsin::series
