#include "src/detect/window_sums.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "src/detect/moments.hpp"

namespace tocsin::detect {
namespace {

struct Points {
  std::vector<std::int64_t> slots;
  std::vector<double> values;
};

Points some_points(std::int64_t first, std::size_t count, double level) {
  std::mt19937_64 random(9);
  std::normal_distribution<double> normal;
  Points points;
  for (std::size_t i = 0; i < count; ++i) {
    points.slots.push_back(first +
                           static_cast<std::int64_t>(i + i / 7));  // every eighth is missing
    points.values.push_back(level + normal(random) + 0.01 * static_cast<double>(i));
  }
  return points;
}

// The best line and its residuals, by definition.
FittedLine fitted(std::span<const std::int64_t> slots, std::span<const double> values) {
  const auto count = static_cast<long double>(slots.size());
  long double slot = 0;
  long double value = 0;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    slot += static_cast<long double>(slots[i]) / count;
    value += static_cast<long double>(values[i]) / count;
  }
  long double along = 0;
  long double across = 0;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const long double distance = static_cast<long double>(slots[i]) - slot;
    along += distance * (static_cast<long double>(values[i]) - value);
    across += distance * distance;
  }
  long double squares = 0;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const long double distance = static_cast<long double>(slots[i]) - slot;
    const long double residual =
        static_cast<long double>(values[i]) - value - along / across * distance;
    squares += residual * residual;
  }
  FittedLine line;
  line.level = static_cast<double>(value);
  line.slope = static_cast<double>(along / across);
  line.middle_slot = static_cast<double>(slot);
  line.squares = static_cast<double>(squares);
  line.slot_deviation = static_cast<double>(std::sqrt(across / count));
  return line;
}

void check_sums(const WindowSums& sums, std::span<const std::int64_t> slots,
                std::span<const double> values) {
  REQUIRE(sums.count() == slots.size());
  const Moments expected = moments_of(values);
  const BoundedMoments moments = sums.moments();
  CHECK(moments.mean == doctest::Approx(expected.mean).epsilon(1e-14));
  CHECK(moments.squares == doctest::Approx(expected.squares).epsilon(1e-10));
  if (const auto rough = sums.rough_moments()) {
    CHECK(rough->mean == doctest::Approx(expected.mean).epsilon(1e-14));
    CHECK(rough->squares == doctest::Approx(expected.squares).epsilon(1e-8));
  }
  const Moments without_last = moments_of(values.first(values.size() - 1));
  CHECK(sums.moments_without(values.back()).squares ==
        doctest::Approx(without_last.squares).epsilon(1e-10));
  const FittedLine line = sums.line();
  const FittedLine best = fitted(slots, values);
  CHECK(line.level == doctest::Approx(best.level).epsilon(1e-14));
  CHECK(line.slope == doctest::Approx(best.slope).epsilon(1e-9));
  CHECK(line.middle_slot == doctest::Approx(best.middle_slot).epsilon(1e-14));
  CHECK(line.squares == doctest::Approx(best.squares).epsilon(1e-9));
  CHECK(line.slot_deviation == doctest::Approx(best.slot_deviation).epsilon(1e-12));
}

TEST_CASE("sums of a sliding window are those of its points") {
  constexpr std::size_t kWindow = 1000;
  for (const double level : {0.0, 1e6, 1e12}) {
    CAPTURE(level);
    const Points points = some_points(170'000'000, 5000, level);
    const std::span slots(points.slots);
    const std::span values(points.values);
    WindowSums sums;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (i >= kWindow) sums.leave(slots[i - kWindow], values[i - kWindow]);
      sums.enter(slots[i], values[i]);
      if (i % 487 != 400) continue;
      const std::size_t from = i >= kWindow ? i + 1 - kWindow : 0;
      check_sums(sums, slots.subspan(from, i + 1 - from), values.subspan(from, i + 1 - from));
    }
  }
}

TEST_CASE("the base of the slots moves along over the months") {
  const Points points = some_points(5, 100, 50);
  WindowSums sums;
  Points shifted;
  for (std::int64_t turn = 0; turn < 40; ++turn) {
    const Points before = shifted;
    shifted = points;
    for (std::int64_t& slot : shifted.slots) slot += turn * 1'000'000;
    for (std::size_t i = 0; i < shifted.slots.size(); ++i) {
      if (turn > 0) sums.leave(before.slots[i], before.values[i]);
      sums.enter(shifted.slots[i], shifted.values[i]);
    }
    check_sums(sums, shifted.slots, shifted.values);
  }
}

TEST_CASE("a huge value leaves doubt behind, which rebuilding ends") {
  const Points points = some_points(0, 300, 10);
  WindowSums sums;
  sums.enter(-1, 1e40);
  for (std::size_t i = 0; i < 300; ++i) sums.enter(points.slots[i], points.values[i]);
  CHECK_FALSE(sums.is_worn());
  sums.leave(-1, 1e40);
  CHECK(sums.is_worn());
  CHECK(sums.moments().squares_error > 1e40);
  sums.rebuild(points.values, [&](std::size_t i) { return points.slots[i]; });
  CHECK_FALSE(sums.is_worn());
  check_sums(sums, points.slots, points.values);
}

TEST_CASE("rough moments are told while plain doubles suffice") {
  const Points points = some_points(0, 300, 10);
  WindowSums sums;
  for (std::size_t i = 0; i < 300; ++i) sums.enter(points.slots[i], points.values[i]);
  CHECK(sums.rough_moments().has_value());
  sums.enter(1000, 1e40);
  CHECK(sums.rough_moments().has_value());
  sums.leave(1000, 1e40);
  CHECK_FALSE(sums.rough_moments().has_value());
}

TEST_CASE("sums that overflowed are worn") {
  WindowSums sums;
  sums.enter(0, 1e200);
  sums.enter(1, 1);
  CHECK(sums.is_worn());
}

}  // namespace
}  // namespace tocsin::detect
