#include "src/detect/consensus/daytime_envelopes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace tocsin::detect::consensus {
namespace {

void take(DaytimeEnvelopes& envelopes, std::uint32_t hour, float first, float second, float third) {
  envelopes.enter(hour);
  envelopes.take(Lanes{first, second, third, first});
}

DaytimeEnvelopes::Range range_at(DaytimeEnvelopes envelopes, std::uint32_t hour,
                                 std::size_t quantity) {
  envelopes.enter(hour);
  return envelopes.range(quantity);
}

// Days of one row per hour, the value being the hour.
DaytimeEnvelopes after_days(int days) {
  DaytimeEnvelopes envelopes;
  for (int i = 0; i < days * 24; ++i) {
    const auto value = static_cast<float>(i % 24);
    take(envelopes, static_cast<std::uint32_t>(i % 24), value, 10 * value, -value);
  }
  return envelopes;
}

TEST_CASE("a bucket is known from its second visit on") {
  CHECK_FALSE(range_at(after_days(1), 12, 0).known);
  CHECK(range_at(after_days(2), 12, 0).known);
}

TEST_CASE("the range covers the bucket and both neighbours") {
  const DaytimeEnvelopes::Range range = range_at(after_days(2), 12, 0);
  CHECK(range.low == doctest::Approx(10).epsilon(0.01));
  CHECK(range.high == doctest::Approx(15).epsilon(0.01));
  const DaytimeEnvelopes::Range tens = range_at(after_days(2), 13, 1);
  CHECK(tens.high == doctest::Approx(150).epsilon(0.01));
}

TEST_CASE("midnight has neighbours on both sides") {
  const DaytimeEnvelopes::Range range = range_at(after_days(3), 0, 0);
  CHECK(range.low == doctest::Approx(0).epsilon(0.01));
  CHECK(range.high == doctest::Approx(23).epsilon(0.01));
  const DaytimeEnvelopes::Range late = range_at(after_days(3), 23, 0);
  CHECK(late.low == doctest::Approx(0).epsilon(0.01));
}

TEST_CASE("a value is beyond by its distance from the range, one within by nothing") {
  DaytimeEnvelopes envelopes = after_days(4);
  for (std::uint32_t hour = 0; hour < 24; ++hour) {
    envelopes.enter(hour);
    const DaytimeEnvelopes::Range known = envelopes.range(0);
    for (float value = -5; value < 30; value += 0.5F) {
      const float beyond = std::max({0.0F, value - known.high, known.low - value});
      REQUIRE(envelopes.beyond(all_lanes(value))[0] == beyond);
    }
  }
}

TEST_CASE("a bucket that was left and is entered again has the same range") {
  DaytimeEnvelopes envelopes = after_days(4);
  const DaytimeEnvelopes::Range before = range_at(envelopes, 12, 1);
  envelopes.enter(20);
  CHECK(range_at(envelopes, 12, 1).low == before.low);
  CHECK(range_at(envelopes, 12, 1).high == before.high);
}

TEST_CASE("records fade towards their middle with each row in the bucket") {
  DaytimeEnvelopes envelopes;
  take(envelopes, 0, -100, 0, 0);
  take(envelopes, 0, 100, 0, 0);
  for (int i = 0; i < 1000; ++i) take(envelopes, 1, 0, 0, 0);
  CHECK(range_at(envelopes, 0, 0).high == doctest::Approx(36.8).epsilon(0.02));
}

}  // namespace
}  // namespace tocsin::detect::consensus
