#include "ingest/collectd/rate_table.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/ingest/collectd/rig.hpp"

namespace tocsin::collectd::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// Keeps a reading of `series`; whether there was room.
bool keep(RateTable& table, const std::string& series, std::uint64_t bits,
          std::int64_t second = kNow, nanoseconds interval = seconds(10)) {
  const auto lease = table.lease(at_second(second), interval);
  RateTable::Reading* const reading = table.find_or_add(table.key(series), lease);
  if (reading == nullptr) return false;
  reading->bits = bits;
  RateTable::keep(*reading, lease);
  return true;
}

bool knows(RateTable& table, const std::string& series, std::int64_t second = kNow) {
  const auto lease = table.lease(at_second(second), seconds(10));
  const RateTable::Reading* const reading = table.find_or_add(table.key(series), lease);
  return reading != nullptr && reading->is_known;
}

TEST_CASE("a reading is found again") {
  RateTable table({}, 1);
  CHECK_FALSE(knows(table, "a"));
  keep(table, "a", 7);
  const auto lease = table.lease(at_second(kNow + 10), seconds(10));
  const RateTable::Reading* const reading = table.find_or_add(table.key("a"), lease);
  REQUIRE(reading != nullptr);
  CHECK(reading->is_known);
  CHECK(reading->bits == 7);
  CHECK(table.size() == 1);
}

TEST_CASE("readings outlast growth") {
  RateTable table({}, 1);
  for (std::uint64_t i = 0; i < 20000; ++i) REQUIRE(keep(table, "s" + std::to_string(i), i));
  CHECK(table.size() == 20000);
  const auto lease = table.lease(at_second(kNow), seconds(10));
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const RateTable::Reading* const reading =
        table.find_or_add(table.key("s" + std::to_string(i)), lease);
    REQUIRE(reading->is_known);
    REQUIRE(reading->bits == i);
  }
}

TEST_CASE("a reading is found where it was, and where it went") {
  RateTable table({4, minutes(10), hours(48)}, 1);
  for (const char* series : {"a", "b", "c", "d"}) keep(table, series, 1);
  keep(table, "c", 2, kNow + 300);
  const auto lease = table.lease(at_second(kNow + 300), seconds(10));
  RateTable::Place place = RateTable::kNowhere;
  const RateTable::Reading* reading = table.find_or_add(table.key("c"), lease, place);
  CHECK(reading->bits == 2);
  const RateTable::Place before = place;
  CHECK(table.find_or_add(table.key("c"), lease, place) == reading);
  CHECK(place == before);
  RateTable::Place wrong = before;
  CHECK(table.find_or_add(table.key("b"), lease, wrong)->bits == 1);
  CHECK(wrong != before);

  keep(table, "e", 5, kNow + 700);  // all but "c" make room
  const auto later = table.lease(at_second(kNow + 700), seconds(10));
  CHECK(table.size() == 2);
  CHECK(table.find_or_add(table.key("c"), later, place)->bits == 2);
  CHECK(place != before);
}

TEST_CASE("a reading is forgotten after its lifetime") {
  RateTable table({100, minutes(10), hours(48)}, 1);
  SUBCASE("at least that of the limits") {
    keep(table, "a", 7);
    CHECK(knows(table, "a", kNow + 595));
    CHECK_FALSE(knows(table, "a", kNow + 605));
  }
  SUBCASE("two intervals, if that is longer") {
    keep(table, "a", 7, kNow, hours(1));
    CHECK(knows(table, "a", kNow + 7190));
    CHECK_FALSE(knows(table, "a", kNow + 7210));
  }
  SUBCASE("never longer than the limits, whatever the interval") {
    keep(table, "a", 7, kNow, nanoseconds::max());
    CHECK(knows(table, "a", kNow + 48 * 3600 - 10));
    CHECK_FALSE(knows(table, "a", kNow + 48 * 3600 + 10));
  }
}

TEST_CASE("what does not fit is counted") {
  RateTable table({3, minutes(10), hours(48)}, 1);
  for (const char* series : {"a", "b", "c"}) CHECK(keep(table, series, 1));
  CHECK_FALSE(keep(table, "d", 1));
  CHECK(table.counters().readings_refused.get() == 1);
  CHECK(table.size() == 3);
  CHECK(knows(table, "a"));
}

TEST_CASE("a full table makes room of what it has forgotten, but does not look all the time") {
  RateTable table({3, minutes(10), hours(48)}, 1);
  for (const char* series : {"a", "b", "c"}) keep(table, series, 1);
  keep(table, "c", 2, kNow + 300);
  CHECK_FALSE(keep(table, "d", 1, kNow + 595));  // looks
  CHECK_FALSE(keep(table, "d", 1, kNow + 603));  // does not look yet
  CHECK(keep(table, "d", 1, kNow + 610));
  CHECK(table.size() == 2);
  CHECK(knows(table, "c", kNow + 610));
  CHECK_FALSE(knows(table, "a", kNow + 610));
}

TEST_CASE("keys depend on the seed") {
  CHECK(RateTable({}, 1).key("a") != RateTable({}, 2).key("a"));
  CHECK(RateTable({}, 1).key("a") == RateTable({}, 1).key("a"));
}

}  // namespace
}  // namespace tocsin::collectd::testing
