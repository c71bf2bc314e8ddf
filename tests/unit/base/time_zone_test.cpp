#include "src/base/time_zone.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace tocsin::base {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

TimeZone zone(std::string_view name) {
  Result<TimeZone> parsed = TimeZone::parse(name);
  REQUIRE_MESSAGE(parsed, parsed.error().message());
  return *parsed;
}

sys_seconds wall(int year, unsigned month, unsigned day, unsigned hour, unsigned minute) {
  using namespace std::chrono;
  return sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day)) +
         hours(hour) + minutes(minute);
}

TEST_CASE("UTC is the zone of a wall clock that needs no change") {
  const sys_seconds noon = wall(2026, 7, 1, 12, 0);
  CHECK(TimeZone().moment(noon) == noon);
  CHECK(zone("UTC").moment(noon) == noon);
}

TEST_CASE("an offset is east of Greenwich when positive") {
  const sys_seconds noon = wall(2026, 7, 1, 12, 0);
  CHECK(zone("+05:30").moment(noon) == wall(2026, 7, 1, 6, 30));
  CHECK(zone("-03:00").moment(noon) == wall(2026, 7, 1, 15, 0));
}

TEST_CASE("a named zone knows its summer time") {
  const TimeZone berlin = zone("Europe/Berlin");
  CHECK(berlin.moment(wall(2026, 7, 1, 12, 0)) == wall(2026, 7, 1, 10, 0));
  CHECK(berlin.moment(wall(2026, 1, 1, 12, 0)) == wall(2026, 1, 1, 11, 0));
}

TEST_CASE("an hour that comes twice is the first, one that is left out is counted on") {
  const TimeZone berlin = zone("Europe/Berlin");
  CHECK(berlin.moment(wall(2026, 10, 25, 2, 30)) == wall(2026, 10, 25, 0, 30));
  CHECK(berlin.moment(wall(2026, 3, 29, 2, 30)) == wall(2026, 3, 29, 1, 30));
}

TEST_CASE("the local zone is one") {
  CHECK(TimeZone::parse("local").has_value());
}

TEST_CASE("a name that is none is refused and said") {
  for (const char* name : {"", "Mars/Olympus", "/etc/passwd", "../UTC", "+5:30", "05:30", "+0530",
                           "Europe/Berlin\n"}) {
    CAPTURE(name);
    const Result<TimeZone> parsed = TimeZone::parse(name);
    REQUIRE(!parsed);
    CHECK(parsed.error().code == Errc::kUnknownName);
    CHECK(parsed.error().text.find("\"" + std::string(name) + "\"") != std::string::npos);
  }
  REQUIRE(!TimeZone::parse("+24:00"));
  CHECK(TimeZone::parse("+24:00").error().code == Errc::kRange);
  CHECK(!TimeZone::parse("-01:60"));
}

}  // namespace
}  // namespace tocsin::base
