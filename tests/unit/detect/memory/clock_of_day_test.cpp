#include "src/detect/memory/clock_of_day.hpp"

#include <doctest/doctest.h>

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

}  // namespace
}  // namespace tocsin::detect
