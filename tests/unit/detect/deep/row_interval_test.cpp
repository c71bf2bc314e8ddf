#include "src/detect/deep/row_interval.hpp"

#include <doctest/doctest.h>

#include "src/detect/memory/state_io.hpp"

namespace tocsin::detect {
namespace {

TEST_CASE("the interval is the median distance of the first 33 points") {
  RowInterval interval;
  double time_s = 1000;
  for (std::size_t i = 0; i < RowInterval::kPoints; ++i) {
    CHECK_FALSE(interval.known());
    const bool now = interval.add({time_s, 1});
    CHECK(now == (i + 1 == RowInterval::kPoints));
    // Now and then a row is missing.
    time_s += i % 5 == 0 ? 600 : 300;
  }
  CHECK(interval.seconds() == 300);
  CHECK(interval.points().size() == RowInterval::kPoints);
}

TEST_CASE("points at one time still make an interval") {
  RowInterval interval;
  for (std::size_t i = 0; i < RowInterval::kPoints; ++i) (void)interval.add({5, 1});
  CHECK(interval.seconds() > 0);
}

TEST_CASE("a restored interval goes on where it stopped") {
  RowInterval interval;
  for (int i = 0; i < 20; ++i) (void)interval.add({10.0 * i, 2});
  std::string state;
  StateWriter out(state);
  RowInterval::visit_state(interval, out);
  RowInterval restored;
  StateReader in(state);
  RowInterval::visit_state(restored, in);
  REQUIRE(in.ok());
  for (int i = 20; i < 33; ++i) (void)restored.add({10.0 * i, 2});
  CHECK(restored.seconds() == 10);
}

}  // namespace
}  // namespace tocsin::detect
