#include "src/detect/memory/clock_of_day.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

namespace tocsin::detect {
namespace {

TEST_CASE("the hour of the day is that of UTC, before the epoch too") {
  CHECK(hour_of_day(0) == 0);
  CHECK(hour_of_day(3599.9) == 0);
  CHECK(hour_of_day(3600) == 1);
  CHECK(hour_of_day(1396310400 + 23 * 3600) == 23);
  CHECK(hour_of_day(-1) == 23);
  CHECK(hour_of_day(-86400) == 0);
  CHECK(hour_of_day(-0.5) == 23);
}

TEST_CASE("a clock knows the hour of each time, whichever came before") {
  HourClock clock;
  for (const double start_s : {0.0, 1.4e9, -1e9, 9.9e12}) {
    for (int i = 0; i < 4000; ++i) {
      const double time_s = start_s + (i % 5 == 4 ? -60.0 * i : 97.3 * i);
      REQUIRE(clock.hour_at(time_s) == hour_of_day(time_s));
    }
  }
  for (const double time_s : {3599.999999, 3600.0, 7199.9999999999, 7200.0, -0.0, -1e-300}) {
    CHECK(clock.hour_at(time_s) == hour_of_day(time_s));
  }
}

}  // namespace
}  // namespace tocsin::detect
