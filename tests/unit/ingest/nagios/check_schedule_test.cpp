#include "ingest/nagios/check_schedule.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace tocsin::nagios {
namespace {

using namespace std::chrono_literals;
using Instant = CheckSchedule::Instant;

const Instant kStart{std::chrono::hours(1000)};

Check check_of(std::string name, std::chrono::nanoseconds interval = 60s) {
  return {.name = std::move(name), .host = "h", .command = {"true"}, .interval = interval};
}

CheckSchedule schedule_of(std::vector<Check> checks, std::size_t max_concurrent = 8) {
  auto schedule = CheckSchedule::make(std::move(checks), max_concurrent, kStart);
  REQUIRE(schedule.has_value());
  return *std::move(schedule);
}

TEST_CASE("a check starts once an interval, on its own beat") {
  CheckSchedule schedule = schedule_of({check_of("a", 10s)});
  const Instant first = *schedule.next_due();
  CHECK(first >= kStart);
  CHECK(first < kStart + 10s);
  CHECK_FALSE(schedule.start_next(first - 1ns).has_value());
  for (int i = 0; i < 5; ++i) {
    const Instant due = first + 10s * i;
    CHECK(schedule.next_due() == due);
    CHECK(schedule.start_next(due + 50ms) == 0U);
    CHECK_FALSE(schedule.start_next(due + 60ms).has_value());
    schedule.finished(0, due + 3s);
  }
  CHECK(schedule.started() == 5);
  CHECK(schedule.skipped() == 0);
}

TEST_CASE("first runs are spread over the interval, and a restart finds them again") {
  constexpr std::size_t kChecks = 1000;
  std::vector<Check> checks;
  for (std::size_t i = 0; i < kChecks; ++i) checks.push_back(check_of("check" + std::to_string(i)));
  CheckSchedule schedule = schedule_of(checks, kChecks);
  CheckSchedule again = schedule_of(checks, kChecks);
  std::size_t most = 0;
  for (int second = 1; second <= 60; ++second) {
    std::size_t started = 0;
    while (const auto index = schedule.start_next(kStart + 1s * second - 1ns)) {
      CHECK(again.start_next(kStart + 1s * second - 1ns) == index);
      ++started;
    }
    most = std::max(most, started);
  }
  CHECK(schedule.started() == kChecks);
  CHECK(most < 3 * kChecks / 60);
}

TEST_CASE("a check that still runs is not started again, and what it missed is counted") {
  CheckSchedule schedule = schedule_of({check_of("a", 10s)});
  const Instant first = *schedule.next_due();
  REQUIRE(schedule.start_next(first).has_value());
  CHECK_FALSE(schedule.next_due().has_value());
  CHECK_FALSE(schedule.start_next(first + 25s).has_value());
  schedule.finished(0, first + 25s);
  CHECK(schedule.skipped() == 2);
  CHECK(schedule.next_due() == first + 30s);
}

TEST_CASE("no more than the limit run, and those who wait go in the order of their times") {
  CheckSchedule schedule =
      schedule_of({check_of("a"), check_of("b"), check_of("c"), check_of("d")}, 2);
  const Instant late = kStart + 60s;
  const auto first = schedule.start_next(late);
  const auto second = schedule.start_next(late);
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK_FALSE(schedule.start_next(late).has_value());
  CHECK_FALSE(schedule.next_due().has_value());
  CHECK(schedule.running() == 2);
  schedule.finished(*first, late);
  CHECK(schedule.next_due() <= late);
  const auto third = schedule.start_next(late);
  REQUIRE(third.has_value());
  schedule.finished(*second, late);
  const auto fourth = schedule.start_next(late);
  REQUIRE(fourth.has_value());
  CHECK(std::set{*first, *second, *third, *fourth}.size() == 4);
  CHECK(schedule.skipped() == 0);
}

TEST_CASE("after a long pause a check runs once, not as often as it should have") {
  CheckSchedule schedule = schedule_of({check_of("a", 10s)});
  const Instant first = *schedule.next_due();
  REQUIRE(schedule.start_next(first + 100s).has_value());
  schedule.finished(0, first + 100s);
  CHECK(schedule.skipped() == 10);
  CHECK_FALSE(schedule.start_next(first + 109s).has_value());
  CHECK(schedule.start_next(first + 110s).has_value());
}

TEST_CASE("impossible checks are refused by their name") {
  const auto refused = [](std::vector<Check> checks, std::size_t max_concurrent = 1) {
    const auto schedule = CheckSchedule::make(std::move(checks), max_concurrent, kStart);
    REQUIRE_FALSE(schedule.has_value());
    return schedule.error();
  };
  Check check = check_of("a");
  check.command.clear();
  CHECK(refused({check}).where == "h/a");
  check.command = {""};
  CHECK(refused({check}).code == Errc::kRange);
  CHECK(refused({check_of("")}).code == Errc::kRange);
  CHECK(refused({check_of("a", 0s)}).code == Errc::kRange);
  check = check_of("a");
  check.timeout = 0s;
  CHECK(refused({check}).code == Errc::kRange);
  CHECK(refused({check_of("a"), check_of("b"), check_of("a")}).code == Errc::kDuplicate);
  CHECK(refused({check_of("a")}, 0).code == Errc::kRange);
  CHECK_FALSE(schedule_of({}).next_due().has_value());
}

}  // namespace
}  // namespace tocsin::nagios
