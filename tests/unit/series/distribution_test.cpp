#include "src/series/distribution.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace tocsin::series {
namespace {

constexpr std::size_t kRoom = 16 << 20;

TEST_CASE("an empty window has a count of 0 and nothing else") {
  Arena arena(kRoom);
  DistributionPool pool(arena, 0.01);
  Distribution window;
  TimerSummary summary;
  pool.summarise(window, std::vector<double>{90}, 10, summary);
  CHECK(summary.count == 0);
  CHECK(summary.count_ps == 0);
  CHECK(summary.values == 0);
  CHECK(summary.thresholds.empty());
  CHECK(std::isnan(pool.quantile(window, 0.5)));
}

TEST_CASE("256 values are exact, the 257th makes a sketch within its error") {
  Arena arena(kRoom);
  DistributionPool pool(arena, 0.01);
  std::mt19937_64 random(15);
  for (const std::size_t count : {256u, 257u, 5000u, 5001u}) {
    CAPTURE(count);
    Distribution window;
    std::vector<double> values(count);
    for (double& value : values) {
      value = std::lognormal_distribution<double>(3, 0.7)(random);
      REQUIRE(pool.add(window, value, 2));
    }
    CHECK(window.is_sketched() == (count > 256));
    std::sort(values.begin(), values.end());
    long double sum = 0;
    long double squares = 0;
    for (const double value : values) {
      sum += value;
      squares += static_cast<long double>(value) * value;
    }
    const auto n = static_cast<long double>(count);
    const double deviation = static_cast<double>(std::sqrt(squares / n - sum / n * sum / n));
    TimerSummary summary;
    const double thresholds[] = {90, -10, 100};
    pool.summarise(window, thresholds, 10, summary);
    CHECK(summary.count == 2 * static_cast<double>(count));
    CHECK(summary.count_ps == summary.count / 10);
    CHECK(summary.values == count);
    CHECK(summary.lower == values.front());
    CHECK(summary.upper == values.back());
    CHECK(summary.sum == doctest::Approx(static_cast<double>(sum)).epsilon(1e-13));
    CHECK(summary.sum_squares == doctest::Approx(static_cast<double>(squares)).epsilon(1e-13));
    CHECK(summary.std == doctest::Approx(deviation).epsilon(1e-11));
    const std::size_t middle = count / 2;
    const double median =
        count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    CHECK(std::abs(summary.median - median) <= 0.01 * median);

    REQUIRE(summary.thresholds.size() == 3);
    const auto lowest =
        static_cast<std::size_t>(std::floor(0.9 * static_cast<double>(count) + 0.5));
    double low_sum = 0;
    double low_squares = 0;
    for (std::size_t i = 0; i < lowest; ++i) {
      low_sum += values[i];
      low_squares += values[i] * values[i];
    }
    const ThresholdSummary& low = summary.thresholds[0];
    CHECK(low.count == static_cast<double>(lowest));
    CHECK(std::abs(low.boundary - values[lowest - 1]) <= 0.01 * values[lowest - 1]);
    CHECK(std::abs(low.sum - low_sum) <= 0.01 * low_sum);
    CHECK(std::abs(low.sum_squares - low_squares) <= 0.0201 * low_squares);
    CHECK(low.mean == low.sum / low.count);

    const auto highest =
        static_cast<std::size_t>(std::floor(0.1 * static_cast<double>(count) + 0.5));
    double top_sum = 0;
    for (std::size_t i = count - highest; i < count; ++i) top_sum += values[i];
    const ThresholdSummary& top = summary.thresholds[1];
    CHECK(top.count == static_cast<double>(highest));
    CHECK(std::abs(top.boundary - values[count - highest]) <= 0.01 * values[count - highest]);
    CHECK(std::abs(top.sum - top_sum) <= 0.01 * top_sum);
    CHECK(summary.thresholds[2].sum == summary.sum);
    for (const double q : {0.0, 0.5, 0.95, 1.0}) {
      const double exact = values[static_cast<std::size_t>(q * static_cast<double>(count - 1))];
      CHECK(std::abs(pool.quantile(window, q) - exact) <= 0.01 * exact);
    }
    pool.clear(window);
    CHECK(window.empty());
  }
  CHECK(arena.bytes_in_use() == 0);
}

TEST_CASE("values that arrive after a summary are part of the next one") {
  Arena arena(kRoom);
  DistributionPool pool(arena, 0.01);
  Distribution window;
  TimerSummary summary;
  for (const double value : {5, 1, 9}) REQUIRE(pool.add(window, value, 1));
  pool.summarise(window, {}, 1, summary);
  CHECK(summary.median == 5);
  REQUIRE(pool.add(window, 2, 1));
  pool.summarise(window, {}, 1, summary);
  CHECK(summary.median == 3.5);
  CHECK(summary.values == 4);
}

TEST_CASE("values below a bound are counted, from a sketch within its error") {
  Arena arena(kRoom);
  DistributionPool pool(arena, 0.01);
  TimerSummary summary;
  for (const int count : {0, 1, 100, 1000}) {
    CAPTURE(count);
    Distribution window;
    for (int i = 1; i <= count; ++i) REQUIRE(pool.add(window, i, 2));
    pool.summarise(window, {}, 10, summary);
    CHECK(pool.values_below(window, 1) == 0);
    CHECK(pool.values_below(window, std::numeric_limits<double>::infinity()) == count);
    const double half = pool.values_below(window, count / 2.0);
    if (window.is_sketched()) {
      CHECK(std::abs(half - (count / 2.0 - 1)) <= 0.02 * count);
    } else {
      CHECK(half == std::max(0.0, std::ceil(count / 2.0) - 1));
    }
    pool.clear(window);
  }
}

TEST_CASE("a lone value takes no memory but its handle") {
  Arena arena(kRoom);
  DistributionPool pool(arena, 0.01);
  Distribution window;
  REQUIRE(pool.add(window, 5, 1));
  CHECK(pool.memory_bytes(window) == 0);
  CHECK(arena.bytes_in_use() == 0);
}

TEST_CASE("without memory, or without a finite value, a sample is refused and nothing changes") {
  Arena arena(2600);  // enough for the 256 values as they are, not for a sketch
  DistributionPool pool(arena, 0.01);
  Distribution window;
  std::size_t added = 0;
  while (pool.add(window, static_cast<double>(1 + added), 1)) ++added;
  CHECK(added >= 128);
  CHECK(added <= 256);
  CHECK(arena.refused() > 0);
  TimerSummary summary;
  pool.summarise(window, {}, 1, summary);
  CHECK(summary.count == static_cast<double>(added));
  CHECK(summary.upper == static_cast<double>(added));
  pool.clear(window);
  CHECK_FALSE(pool.add(window, std::numeric_limits<double>::infinity(), 1));
  CHECK_FALSE(pool.add(window, 1, std::numeric_limits<double>::quiet_NaN()));
  CHECK_FALSE(pool.add(window, 1, 0));
  CHECK(window.empty());
}

TEST_CASE("values that were taken count even when memory runs out before they reach the sketch") {
  Arena arena(kRoom);
  DistributionPool pool(arena, 0.01);
  Distribution window;
  for (int i = 0; i < 300; ++i) REQUIRE(pool.add(window, 5, 1));
  REQUIRE(window.is_sketched());
  while (arena.allocate(8) != Arena::kNone) {
  }
  // Far from every bucket in use: some wait in the row, then the sketch would have to grow.
  std::size_t taken = 0;
  while (pool.add(window, 1e9, 1)) ++taken;
  CHECK(taken > 0);
  CHECK(taken <= 64);
  TimerSummary summary;
  pool.summarise(window, {}, 1, summary);
  CHECK(summary.values == 300 + taken);
  CHECK(summary.count == static_cast<double>(300 + taken));
  CHECK(summary.lower == 5);
  CHECK(summary.upper == 1e9);
  CHECK(summary.sum == doctest::Approx(1500 + 1e9 * static_cast<double>(taken)));
  CHECK(summary.median == doctest::Approx(5).epsilon(0.01));
}

}  // namespace
}  // namespace tocsin::series
