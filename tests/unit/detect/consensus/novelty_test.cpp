#include "src/detect/consensus/novelty.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

namespace tocsin::detect::consensus {
namespace {

const Scale kScale{
    .median = 0, .spread = 2, .full = 2, .least = 0.02F, .unit = 1, .tolerance = 0.22F};

PointContext at(float value) {
  PointContext point;
  point.value = value;
  point.scale = kScale;
  return point;
}

// After so many values of a wave between -1 and 1.
Novelty after_waves(int count) {
  Novelty novelty;
  for (int i = 0; i < count; ++i) {
    (void)novelty.update(at(static_cast<float>(std::sin(0.5 * i))));
  }
  return novelty;
}

TEST_CASE("nothing is news before the first envelope is warm") {
  Novelty novelty;
  for (std::uint32_t i = 0; i < Novelty::kWarm; ++i) {
    REQUIRE(novelty.update(at(static_cast<float>(i * i))) == 0);
  }
  CHECK(novelty.update(at(1e6F)) > 0);
}

TEST_CASE("what stays within its records is no news") {
  Novelty novelty = after_waves(400);
  for (int i = 400; i < 800; ++i) {
    REQUIRE(novelty.update(at(static_cast<float>(std::sin(0.5 * i)))) < 0.01F);
  }
}

TEST_CASE("the score is the mean over all members, of a logarithm") {
  Novelty novelty = after_waves(400);
  const float score = novelty.update(at(3));
  float sum = 0;
  for (const float exceedance : novelty.exceedances()) sum += std::log10(1 + 4 * exceedance);
  CHECK(score == doctest::Approx(sum / 14));
  CHECK(novelty.exceedances()[0] ==
        doctest::Approx((3 - novelty.record_high()) / (0.1 * 2 + 0.22)).epsilon(0.02));
}

TEST_CASE("a lasting shift reaches the longer means, a spike only the shorter") {
  Novelty spiked = after_waves(400);
  (void)spiked.update(at(3));
  CHECK(spiked.exceedances()[1] > 0);
  CHECK(spiked.exceedances()[6] == 0);
  Novelty shifted = after_waves(400);
  float longest = 0;
  for (int i = 0; i < 200; ++i) {
    (void)shifted.update(at(0.9F));
    REQUIRE(shifted.exceedances()[0] == 0);
    longest = std::max(longest, shifted.exceedances()[6]);
  }
  CHECK(longest > 0);
}

TEST_CASE("volatility is news, but not across a gap") {
  Novelty calm;
  for (int i = 0; i < 200; ++i) (void)calm.update(at(static_cast<float>(std::sin(0.05 * i))));
  Novelty resumed = calm;
  PointContext after_gap = at(-0.9F);
  after_gap.after_gap = true;
  (void)resumed.update(after_gap);
  CHECK(resumed.exceedances()[7] == 0);
  for (int i = 0; i < 5; ++i) (void)calm.update(at(i % 2 == 0 ? -0.9F : 0.9F));
  CHECK(calm.exceedances()[0] == 0);
  CHECK(calm.exceedances()[7] > 0);
}

TEST_CASE("the same value can be news at another time of day") {
  Novelty novelty;
  const auto hour_at = [](int i) { return static_cast<std::uint32_t>(i % 24); };
  const auto daily = [&](int i, float value) {
    PointContext point = at(value);
    point.hour = hour_at(i);
    point.second_day = i >= 24;
    return point;
  };
  for (int i = 0; i < 24 * 6; ++i) {
    (void)novelty.update(daily(i, hour_at(i) >= 10 && hour_at(i) < 16 ? 1.0F : -1.0F));
  }
  for (int i = 0; i < 4; ++i) {
    (void)novelty.update(daily(i + 24 * 6, i == 3 ? 1.0F : -1.0F));
  }
  CHECK(novelty.exceedances()[0] < 0.01F);
  CHECK(novelty.exceedances()[9] == doctest::Approx(2 / (0.1 * 2 + 0.22)).epsilon(0.02));
  CHECK(novelty.same_hours().known);
  CHECK(novelty.same_hours().high == doctest::Approx(-1).epsilon(0.02));
}

TEST_CASE("members of yesterday speak when they are given something, and are warm") {
  Novelty novelty;
  PointContext point = at(0);
  point.rows_per_day = 40;
  point.yesterday_distance = 0;
  point.yesterday_mean_change = 0;
  for (int i = 0; i < 60; ++i) (void)novelty.update(point);
  point.yesterday_distance = 1;
  point.yesterday_mean_change.reset();
  (void)novelty.update(point);
  CHECK(novelty.exceedances()[13] > 0);
  CHECK(novelty.exceedances()[12] == 0);
  point.yesterday_mean_change = -1;
  point.yesterday_distance.reset();
  (void)novelty.update(point);
  CHECK(novelty.exceedances()[13] == 0);
  CHECK(novelty.exceedances()[12] > 0);
}

}  // namespace
}  // namespace tocsin::detect::consensus
