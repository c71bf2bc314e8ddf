#include "src/app/time_budget.hpp"

#include <doctest/doctest.h>

namespace tocsin::app {
namespace {

using namespace std::chrono_literals;

struct Clock {
  std::chrono::nanoseconds now = 5h;
  int looks = 0;

  [[nodiscard]] TimeBudget::Clock read() {
    return [this] {
      ++looks;
      return now;
    };
  }
};

TEST_CASE("there is no time before the first tick") {
  TimeBudget budget(1s);
  CHECK_FALSE(budget.has_time());
}

TEST_CASE("there is time until the tick's is used up, and again in the next") {
  Clock clock;
  TimeBudget budget(100ms, clock.read());
  budget.begin_tick();
  CHECK(budget.has_time());
  clock.now += 100ms;
  int more = 0;  // until it looks again
  for (; more < 1000 && budget.has_time(); ++more) {
  }
  CHECK(more < 16);
  CHECK_FALSE(budget.has_time());
  CHECK(budget.spent() == 100ms);
  budget.begin_tick();
  CHECK(budget.spent() == 0ns);
  CHECK(budget.has_time());
}

TEST_CASE("the clock is read at few of the questions") {
  Clock clock;
  TimeBudget budget(100ms, clock.read());
  budget.begin_tick();
  for (int i = 0; i < 1600; ++i) REQUIRE(budget.has_time());
  CHECK(clock.looks == 100);
}

TEST_CASE("the first few have time, unless asked to look") {
  Clock clock;
  TimeBudget budget(100ms, clock.read());
  budget.begin_tick();
  clock.now += 1s;
  CHECK(budget.has_time());
  budget.look_again();
  CHECK_FALSE(budget.has_time());
}

TEST_CASE("the clock it has by itself goes forward") {
  TimeBudget budget(1h);
  budget.begin_tick();
  const auto before = budget.spent();
  CHECK(budget.spent() >= before);
  CHECK(before >= 0ns);
  CHECK(budget.has_time());
}

}  // namespace
}  // namespace tocsin::app
