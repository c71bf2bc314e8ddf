#include "src/detect/consensus/rarity.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

namespace tocsin::detect::consensus {
namespace {

const Scale kScale{
    .median = 0, .spread = 3.3F, .full = 6, .least = 0.05F, .unit = 1.66F, .tolerance = 0.4F};

PointContext at(float value) {
  PointContext point;
  point.value = value;
  point.scale = kScale;
  return point;
}

TEST_CASE("noise is rarely a surprise, a value far out is one of all members that see it") {
  Rarity rarity;
  std::mt19937 random(6);
  std::normal_distribution<float> noise;
  int surprised = 0;
  for (int i = 0; i < 5000; ++i) surprised += rarity.update(at(noise(random))) > 3 ? 1 : 0;
  CHECK(surprised < 25);
  CHECK(rarity.update(at(12)) > 2);
  CHECK(rarity.surprises()[0] > 2);
  CHECK(rarity.surprises()[3] > 2);
  CHECK(rarity.surprises()[1] == 0);  // no hour was given
  CHECK(rarity.surprises()[2] == 0);  // nor yesterday
  CHECK(rarity.agreed_surprise() == std::min(rarity.surprises()[0], rarity.surprises()[3]));
}

TEST_CASE("it says nothing for the first hundred points") {
  Rarity rarity;
  for (int i = 0; i < 100; ++i) REQUIRE(rarity.update(at(static_cast<float>(i * i))) == 0);
}

TEST_CASE("the forecast is known from the ninth point on, and not right after a gap") {
  Rarity rarity;
  for (int i = 0; i < 8; ++i) {
    (void)rarity.update(at(1));
    REQUIRE_FALSE(rarity.forecast().known);
  }
  (void)rarity.update(at(1));
  CHECK(rarity.forecast().known);
  PointContext late = at(1);
  late.after_gap = true;
  (void)rarity.update(late);
  CHECK_FALSE(rarity.forecast().known);
}

TEST_CASE("after a gap the distance from the recent mean is no surprise") {
  Rarity rarity;
  std::mt19937 random(7);
  std::normal_distribution<float> noise;
  for (int i = 0; i < 1000; ++i) (void)rarity.update(at(noise(random)));
  PointContext late = at(30);
  late.after_gap = true;
  (void)rarity.update(late);
  CHECK(rarity.surprises()[3] == 0);
}

TEST_CASE("distances from the hour and from yesterday are surprises of their own") {
  Rarity rarity;
  std::mt19937 random(8);
  std::normal_distribution<float> noise;
  PointContext point = at(0);
  point.hour_residual = {.known = true, .width = 1, .rateable = true};
  for (int i = 0; i < 1000; ++i) {
    point.hour_residual.residual = noise(random);
    point.yesterday_distance = noise(random);
    (void)rarity.update(point);
  }
  point.hour_residual.residual = 20;
  point.yesterday_distance = -20;
  (void)rarity.update(point);
  CHECK(rarity.surprises()[1] > 2);
  CHECK(rarity.surprises()[2] > 2);
}

}  // namespace
}  // namespace tocsin::detect::consensus
