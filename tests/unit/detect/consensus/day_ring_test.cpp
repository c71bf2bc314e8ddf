#include "src/detect/consensus/day_ring.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <vector>

namespace tocsin::detect::consensus {
namespace {

constexpr double kStart_s = 1.4e9;

// Hourly values: the number of the hour, from 0 to `count` - 1.
DayRing hourly(int count) {
  DayRing ring;
  ring.start(kStart_s, 3600);
  for (int i = 0; i < count; ++i) ring.add(kStart_s + 3600 * i, static_cast<float>(i));
  return ring;
}

TEST_CASE("the size of a ring follows the step, within limits") {
  DayRing ring;
  CHECK_FALSE(ring.started());
  SUBCASE("five minutes") {
    ring.start(0, 300);
    CHECK(ring.slots_per_day() == 288);
    CHECK(ring.memory_bytes() == 311 * sizeof(float));
  }
  SUBCASE("ten seconds share slots of three minutes") {
    ring.start(0, 10);
    CHECK(ring.slots_per_day() == 480);
  }
  SUBCASE("every eight hours: there is no day to compare") {
    ring.start(0, 8 * 3600);
    CHECK_FALSE(ring.started());
  }
}

TEST_CASE("yesterday is unknown for a day") {
  CHECK_FALSE(hourly(21).nearest_yesterday(5));
  CHECK_FALSE(hourly(24).mean_change());
}

TEST_CASE("the nearest of yesterday's values around this time counts, with its sign") {
  const DayRing ring = hourly(40);  // newest: 39, a day before it: 15
  CHECK(*ring.nearest_yesterday(15) == 0);
  CHECK(*ring.nearest_yesterday(18.25F) == doctest::Approx(0.25));
  CHECK(*ring.nearest_yesterday(20) == doctest::Approx(2));
  CHECK(*ring.nearest_yesterday(10) == doctest::Approx(-2));
}

TEST_CASE("of two values as near on either side the earlier counts") {
  for (const float first : {10.0F, 20.0F}) {
    DayRing ring;
    ring.start(kStart_s, 3600);
    for (int i = 0; i <= 30; ++i) {
      ring.add(kStart_s + 3600 * i, i == 4 ? first : i == 8 ? 30 - first : 100.0F);
    }
    CHECK(*ring.nearest_yesterday(15) == 15 - first);  // of hours 3 to 9
    CHECK(*ring.nearest_yesterday(14) == 4);
    CHECK(*ring.nearest_yesterday(16) == -4);
  }
}

TEST_CASE("wherever the ring begins, yesterday is the same") {
  DayRing ring;
  ring.start(kStart_s, 3600);
  for (int i = 0; i < 200; ++i) {
    ring.add(kStart_s + 3600 * i, static_cast<float>(i));
    if (i < 36) continue;
    REQUIRE(*ring.nearest_yesterday(static_cast<float>(i)) == 21);
    REQUIRE(*ring.mean_change() == doctest::Approx(24));
  }
}

TEST_CASE("the mean of the last twelve is compared with that of a day before") {
  CHECK(*hourly(40).mean_change() == doctest::Approx(24));
}

TEST_CASE("after a gap the slots in it are missing, not old") {
  DayRing ring = hourly(30);
  ring.add(kStart_s + 3600.0 * 50, 7);  // hours 30 to 49 are missing, hour 26 is a day before
  CHECK(*ring.nearest_yesterday(26) == 0);
  CHECK(*ring.nearest_yesterday(40) == doctest::Approx(11));
  CHECK_FALSE(ring.mean_change());
  ring.add(kStart_s + 3600.0 * 200, 7);
  CHECK_FALSE(ring.nearest_yesterday(7));
}

TEST_CASE("rows that share a slot count by their mean") {
  DayRing ring;
  ring.start(kStart_s, 10);
  for (int i = 0; i <= 8640; ++i) {
    ring.add(kStart_s + 10 * i, i % 2 == 0 ? 10.0F : 20.0F);
  }
  CHECK(*ring.nearest_yesterday(15) == doctest::Approx(0).epsilon(1));
  CHECK(std::abs(*ring.nearest_yesterday(15)) < 1);
}

TEST_CASE("rows that jitter around their time stay in their slot") {
  DayRing ring;
  ring.start(kStart_s, 300);
  for (int i = 0; i < 288 * 2; ++i) {
    ring.add(kStart_s + 300 * i + (i % 2 == 0 ? 100 : -100), static_cast<float>(i % 288));
  }
  CHECK(*ring.mean_change() == 0);
}

TEST_CASE("the clock may stand still or go back: the slot stays") {
  DayRing ring = hourly(30);
  ring.add(kStart_s, 1);
  ring.add(kStart_s + 29 * 3600, 3);
  CHECK(*ring.nearest_yesterday(5) == 0);
}

TEST_CASE("a ring agrees with a map of all slots") {
  DayRing ring;
  ring.start(0, 3600);
  std::map<int, float> all;
  int slot = 0;
  for (int i = 0; i < 500; ++i) {
    slot += i % 7 == 0 ? 3 : 1;
    const auto value = static_cast<float>((i * 37) % 101);
    ring.add(3600.0 * slot, value);
    all[slot] = value;
    std::vector<float> distances;
    for (int j = slot - 27; j <= slot - 21; ++j) {
      if (all.contains(j)) distances.push_back(value - all[j]);
    }
    const std::optional<float> nearest = ring.nearest_yesterday(value);
    REQUIRE(nearest.has_value() == !distances.empty());
    for (const float distance : distances) REQUIRE(std::abs(*nearest) <= std::abs(distance));
  }
}

}  // namespace
}  // namespace tocsin::detect::consensus
