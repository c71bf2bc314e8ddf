#include "src/detect/consensus/daytime_envelopes.hpp"

#include <doctest/doctest.h>

namespace tocsin::detect::consensus {
namespace {

// Days of one row per hour, the value being the hour.
DaytimeEnvelopes after_days(int days) {
  DaytimeEnvelopes envelopes;
  for (int i = 0; i < days * 24; ++i) {
    const auto value = static_cast<float>(i % 24);
    envelopes.take(static_cast<std::uint32_t>(i % 24), {value, 10 * value, -value});
  }
  return envelopes;
}

TEST_CASE("a bucket is known from its second visit on") {
  CHECK_FALSE(after_days(1).range(12, 0).known);
  CHECK(after_days(2).range(12, 0).known);
}

TEST_CASE("the range covers the bucket and both neighbours") {
  const DaytimeEnvelopes::Range range = after_days(2).range(12, 0);
  CHECK(range.low == doctest::Approx(10).epsilon(0.01));
  CHECK(range.high == doctest::Approx(15).epsilon(0.01));
  const DaytimeEnvelopes::Range tens = after_days(2).range(13, 1);
  CHECK(tens.high == doctest::Approx(150).epsilon(0.01));
}

TEST_CASE("midnight has neighbours on both sides") {
  const DaytimeEnvelopes::Range range = after_days(3).range(0, 0);
  CHECK(range.low == doctest::Approx(0).epsilon(0.01));
  CHECK(range.high == doctest::Approx(23).epsilon(0.01));
  const DaytimeEnvelopes::Range late = after_days(3).range(23, 0);
  CHECK(late.low == doctest::Approx(0).epsilon(0.01));
}

TEST_CASE("what is ordinary for the bucket is within the range") {
  const DaytimeEnvelopes envelopes = after_days(4);
  for (std::uint32_t hour = 0; hour < 24; ++hour) {
    for (float value = -5; value < 30; value += 0.5F) {
      const DaytimeEnvelopes::Range range = envelopes.range(hour, 0);
      if (envelopes.is_ordinary(hour, 0, value)) {
        REQUIRE(value >= range.low);
        REQUIRE(value <= range.high);
      }
    }
  }
}

TEST_CASE("records fade towards their middle with each row in the bucket") {
  DaytimeEnvelopes envelopes;
  envelopes.take(0, {-100, 0, 0});
  envelopes.take(0, {100, 0, 0});
  for (int i = 0; i < 1000; ++i) envelopes.take(1, {0, 0, 0});
  CHECK(envelopes.range(0, 0).high == doctest::Approx(36.8).epsilon(0.02));
}

}  // namespace
}  // namespace tocsin::detect::consensus
