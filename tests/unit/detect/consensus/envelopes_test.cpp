#include "src/detect/consensus/envelopes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <random>

namespace tocsin::detect::consensus {
namespace {

Envelopes::Row row(Lanes values, float centre, int warm, float tolerance) {
  return {.values = values,
          .centres = all_lanes(centre),
          .tolerances = all_lanes(tolerance),
          .warm = LaneMask{} + warm};
}

// The first lane's answer to one value; that of all must be the same.
float judge(Envelopes envelopes, float value, int warm, float tolerance) {
  const Lanes exceedances = envelopes.update(row(all_lanes(value), 0, warm, tolerance));
  for (std::size_t lane = 1; lane < kLanes; ++lane) CHECK(exceedances[lane] == exceedances[0]);
  return exceedances[0];
}

void take(Envelopes& envelopes, float value, float centre) {
  (void)envelopes.update(row(all_lanes(value), centre, 1, 1));
}

TEST_CASE("a broken record counts in tenths of the range it breaks") {
  Envelopes envelopes;
  for (const float value : {0.0F, 10.0F, 5.0F}) take(envelopes, value, 5);
  CHECK(judge(envelopes, 5, 3, 0) == 0);
  CHECK(judge(envelopes, 12, 3, 0) == doctest::Approx(2).epsilon(0.01));
  CHECK(judge(envelopes, -2, 3, 0) == doctest::Approx(2).epsilon(0.01));
  CHECK(judge(envelopes, 12, 3, 1) == doctest::Approx(1).epsilon(0.01));
}

TEST_CASE("an envelope is silent until it has seen enough") {
  Envelopes envelopes;
  take(envelopes, 0, 0);
  take(envelopes, 1, 0);
  CHECK(judge(envelopes, 100, 3, 1) == 0);
  take(envelopes, 1, 0);
  CHECK(judge(envelopes, 100, 3, 1) > 0);
}

TEST_CASE("records fade towards the centre") {
  Envelopes envelopes;
  take(envelopes, -100, 0);
  take(envelopes, 100, 0);
  for (int i = 0; i < 20000; ++i) take(envelopes, 0, 0);
  CHECK(envelopes.high(2) == doctest::Approx(36.8).epsilon(0.01));
  CHECK(envelopes.low(2) == doctest::Approx(-36.8).epsilon(0.01));
}

TEST_CASE("in a range of nothing only the tolerance measures, and equality is no record") {
  Envelopes envelopes;
  take(envelopes, 3, 3);
  CHECK(judge(envelopes, 3, 1, 0.5F) == 0);
  CHECK(judge(envelopes, 4, 1, 0.5F) == doctest::Approx(2));
}

TEST_CASE("one without a value neither speaks, nor fades, nor counts") {
  Envelopes envelopes;
  CHECK_FALSE(envelopes.seen(1));
  for (int i = 0; i < 10; ++i) {
    (void)envelopes.update(row(Lanes{1, i < 5 ? 8.0F : kNoValue, 1, 1}, 0, 1, 1));
  }
  CHECK(envelopes.high(0) < 1);
  const float left_at = envelopes.high(1);
  const Lanes exceedances = envelopes.update(row(Lanes{1, kNoValue, 9, 1}, 0, 6, 1));
  CHECK(envelopes.high(1) == left_at);
  CHECK(exceedances[1] == 0);
  CHECK(exceedances[2] > 0);
  const Lanes later = envelopes.update(row(all_lanes(100), 0, 6, 1));
  CHECK(later[0] > 0);
  CHECK(later[1] == 0);  // has seen five
}

// The definition, for one quantity.
struct NaiveEnvelope {
  float low = 0;
  float high = 0;
  int seen = 0;

  float update(float value, float centre, int warm, float tolerance) {
    const float beyond = std::max(0.0F, std::max(value - high, low - value));
    const float exceedance = beyond == 0 ? 0 : beyond / (0.1F * (high - low) + tolerance);
    const float told = seen < warm ? 0 : exceedance;
    if (seen++ == 0) low = high = value;
    low = std::min(low, value);
    high = std::max(high, value);
    low = settled(low + 5e-5F * (centre - low));
    high = settled(high + 5e-5F * (centre - high));
    return told;
  }
};

TEST_CASE("four together are four by themselves, bit for bit") {
  Envelopes envelopes;
  NaiveEnvelope naive[kLanes];
  std::mt19937 random(1);
  std::cauchy_distribution<float> values;
  for (int i = 0; i < 20000; ++i) {
    Lanes now = all_lanes(kNoValue);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      if (random() % 4 != 0) now[lane] = values(random);
    }
    const Lanes told = envelopes.update(row(now, 0.5F, 20, 0.25F));
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      if (now[lane] != now[lane]) continue;
      REQUIRE(told[lane] == naive[lane].update(now[lane], 0.5F, 20, 0.25F));
      REQUIRE(envelopes.low(lane) == naive[lane].low);
      REQUIRE(envelopes.high(lane) == naive[lane].high);
    }
  }
}

}  // namespace
}  // namespace tocsin::detect::consensus
