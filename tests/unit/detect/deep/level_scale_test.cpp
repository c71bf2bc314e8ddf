#include "src/detect/deep/level_scale.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "src/detect/memory/state_io.hpp"

namespace tocsin::detect {
namespace {

std::vector<double> even(double low, double high) {
  std::vector<double> values;
  for (int i = 0; i <= 100; ++i) values.push_back(low + (high - low) * i / 100);
  return values;
}

TEST_CASE("the range is that of the warm-up, with its pads") {
  const LevelScale scale(even(0, 100), 0.5, WarmUp::kGuarded);
  CHECK(scale.low() == -50);
  CHECK(scale.high() == 150);
  CHECK(scale.level_of(-50) == 0);
  CHECK(scale.level_of(50) == 40);
  CHECK(scale.level_of(1e9) == LevelScale::kTopLevel);
  CHECK(scale.value_at(0.25) == 0);
}

TEST_CASE("a spike in the warm-up does not set the range") {
  std::vector<double> values = even(0, 100);
  values.push_back(1e6);
  const LevelScale scale(values, 0, WarmUp::kGuarded);
  CHECK(scale.low() == 0);
  CHECK(scale.high() < 300);
  // Unless it is known to be part of the series.
  CHECK(LevelScale(values, 0, WarmUp::kTrusted).high() == 1e6);
}

TEST_CASE("what two steps of the warm-up have shown is part of the series, what one has is not") {
  std::vector<double> values = even(0, 100);
  values.push_back(4000);
  values.push_back(1e6);
  values.push_back(-700);
  values.push_back(-9e5);
  const LevelScale scale(values, 0, WarmUp::kGuarded);
  CHECK(scale.high() == 4000);
  CHECK(scale.low() == -700);
}

TEST_CASE("where nearly all is one value, the others are the range") {
  std::vector<double> values(60, 0.0);
  values[7] = 12;
  CHECK(LevelScale(values, 0, WarmUp::kGuarded).high() == 12);
}

TEST_CASE("a warm-up that never moved has a small range") {
  const LevelScale scale(std::vector<double>(60, 5.0), 0.25, WarmUp::kGuarded);
  CHECK(scale.low() < 5);
  CHECK(scale.high() > 5);
  CHECK(scale.high() - scale.low() < 0.1);
}

TEST_CASE("a value outside widens the range, and positions move with it") {
  LevelScale scale(even(0, 100), 0, WarmUp::kGuarded);
  CHECK_FALSE(scale.take_in(100));
  const auto shift = scale.take_in(150);
  REQUIRE(shift);
  CHECK(scale.low() == 0);
  CHECK(scale.high() == 150);
  CHECK(shift->moved(1) == doctest::Approx(100.0 / 150));
  const auto down = scale.take_in(-50);
  REQUIRE(down);
  CHECK(down->moved(0) == doctest::Approx(0.25));
  CHECK(down->moved(1) == doctest::Approx(1));
}

TEST_CASE("the range at most doubles at a time") {
  LevelScale scale(even(0, 100), 0, WarmUp::kGuarded);
  (void)scale.take_in(1e9);
  CHECK(scale.high() == 200);
  (void)scale.take_in(-1e9);
  CHECK(scale.low() == -200);
}

TEST_CASE("a range of nothing is not restored") {
  std::string state;
  StateWriter out(state);
  out.number(3.0);
  out.number(3.0);
  StateReader in(state);
  LevelScale scale;
  LevelScale::visit_state(scale, in);
  CHECK_FALSE(in.ok());
  CHECK(scale.high() > scale.low());
}

}  // namespace
}  // namespace tocsin::detect
