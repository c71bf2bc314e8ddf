#include "src/rules/parse/time_format.hpp"

#include <doctest/doctest.h>

#include <string>

#include "src/event/rfc3339.hpp"
#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

TimePoint at(std::int64_t seconds) {
  return TimePoint(std::chrono::seconds(seconds));
}

constexpr std::int64_t kNovember2026 = 1'795'230'000;  // 2026-11-21T03:00:00Z

// As RFC 3339; "none" when the text is not of that form.
std::string read(std::string_view pattern, std::string_view text, std::string_view zone = "UTC",
                 TimePoint near = at(kNovember2026)) {
  const TimeFormat format = test::made(TimeFormat::parse(pattern));
  const auto time = format.read(text, test::made(base::TimeZone::parse(zone)), near);
  return time ? event::rfc3339(*time) : "none";
}

TEST_CASE("times as logs write them") {
  const struct {
    const char* pattern;
    const char* text;
    const char* time;
  } cases[] = {
      {"dd/MMM/yyyy:HH:mm:ss Z", "21/Nov/2026:02:51:52 +0100", "2026-11-21T01:51:52Z"},
      {"yyyy-MM-dd HH:mm:ss,SSS", "2026-11-21 02:51:52,045", "2026-11-21T02:51:52.045Z"},
      {"EEE MMM dd HH:mm:ss yyyy", "Sun Dec 04 04:47:44 2005", "2005-12-04T04:47:44Z"},
      {"EEEE, d MMMM yyyy", "Saturday, 1 august 2026", "2026-08-01T00:00:00Z"},
      {"EEE MMM dd HH:mm:ss.SSSSSS yyyy", "Wed Oct 11 14:32:52.123456 2000",
       "2000-10-11T14:32:52.123456Z"},
      {"yyyyMMddHHmmss", "20261121025152", "2026-11-21T02:51:52Z"},
      {"yyMMdd HHmmss", "261121 025152", "2026-11-21T02:51:52Z"},
      {"M/d/yy h:mm a", "1/2/07 12:30 AM", "2007-01-02T00:30:00Z"},
      {"M/d/yy h:mm a", "1/2/07 12:30 pm", "2007-01-02T12:30:00Z"},
      {"M/d/yy h:mm a", "1/2/07 3:05 PM", "2007-01-02T15:05:00Z"},
      {"K:mm a, yyyy", "0:15 PM, 2026", "2026-01-01T12:15:00Z"},
      {"kk:mm yyyy", "24:15 2026", "2026-01-01T00:15:00Z"},
      {"yyyy.DDD", "2024.366", "2024-12-31T00:00:00Z"},
      {"yyyy-MM-dd'T'HH:mm:ssZZ", "2026-11-21T02:51:52-05:30", "2026-11-21T08:21:52Z"},
      {"yyyy-MM-dd HH:mm ZZZ", "2026-07-01 12:00 Europe/Berlin", "2026-07-01T10:00:00Z"},
      {"yyyy-MM-dd HH:mm z", "2026-07-01 12:00 UTC", "2026-07-01T12:00:00Z"},
      {"'at' HH 'o''clock'", "at 05 o'clock", "2026-01-01T05:00:00Z"},
      {"yyyy-MM-dd HH:mm:ss", "2026-12-31 23:59:60", "2027-01-01T00:00:00Z"},
      {"d.M.yyyy", "5.6.2026", "2026-06-05T00:00:00Z"},
      {"d.M.yyyy", "05.06.2026", "2026-06-05T00:00:00Z"},
      {"SSSSSSSSS ss yyyy", "123456789 01 2026", "2026-01-01T00:00:01.123456789Z"},
  };
  for (const auto& [pattern, text, time] : cases) {
    CAPTURE(std::string(pattern));
    CHECK(read(pattern, text) == time);
  }
}

TEST_CASE("what is not wholly of the form is none") {
  const struct {
    const char* pattern;
    const char* text;
  } cases[] = {
      {"yyyy-MM-dd", "2026-11-21 "},
      {"yyyy-MM-dd", "2026-13-01"},
      {"yyyy-MM-dd", "2026-02-29"},
      {"yyyy-MM-dd", "2026-11"},
      {"yyyy-MM-dd", ""},
      {"yyyy-MM-dd", "x026-11-21"},
      {"HH:mm", "24:00"},
      {"HH:mm", "12:60"},
      {"h a", "13 PM"},
      {"h a", "1 XM"},
      {"MMM d", "Foo 1"},
      {"yyyy", "1000"},
      {"yyyy", "9999"},
      {"yyyy DDD", "2026 366"},
      {"yyyy S", "2026 x"},
      {"yyyy Z", "2026 +25"},
      {"yyyy ZZZ", "2026 Mars/Rover"},
      {"yyyy z", "2026 CET"},
      {"MMM d", "Feb 29"},
      {"EEE", "Foo"},
      {"k", "0"},
  };
  for (const auto& [pattern, text] : cases) {
    CAPTURE(std::string(pattern));
    CAPTURE(std::string(text));
    CHECK(read(pattern, text) == "none");
  }
}

TEST_CASE("a year that is not said is the one at hand, at the turn of the year its neighbour") {
  const TimePoint january = at(1'798'768'800);   // 2027-01-01T02:00:00Z
  const TimePoint december = at(1'798'758'000);  // 2026-12-31T23:00:00Z
  CHECK(read("MMM d HH:mm:ss", "Nov 21 02:51:52") == "2026-11-21T02:51:52Z");
  CHECK(read("MMM d HH:mm:ss", "Dec 31 23:59:59", "UTC", january) == "2026-12-31T23:59:59Z");
  CHECK(read("MMM d HH:mm:ss", "Jan 1 00:00:01", "UTC", december) == "2027-01-01T00:00:01Z");
  CHECK(read("MMM d HH:mm:ss", "Jun 1 00:00:00", "UTC", december) == "2026-06-01T00:00:00Z");
  CHECK(read("MMM d yyyy", "Dec 31 2020", "UTC", january) == "2020-12-31T00:00:00Z");
}

TEST_CASE("two digits are a year within a century around now") {
  CHECK(read("yy", "26") == "2026-01-01T00:00:00Z");
  CHECK(read("yy", "45") == "2045-01-01T00:00:00Z");
  CHECK(read("yy", "46") == "1946-01-01T00:00:00Z");
  CHECK(read("yy", "2026") == "2026-01-01T00:00:00Z");
}

TEST_CASE("a time without a zone is of the zone that is given") {
  CHECK(read("yyyy-MM-dd HH:mm", "2026-07-01 12:00", "Europe/Berlin") == "2026-07-01T10:00:00Z");
  CHECK(read("yyyy-MM-dd HH:mm", "2026-01-01 12:00", "Europe/Berlin") == "2026-01-01T11:00:00Z");
  CHECK(read("yyyy-MM-dd HH:mm Z", "2026-01-01 12:00 Z", "Europe/Berlin") ==
        "2026-01-01T12:00:00Z");
}

TEST_CASE("ISO8601 in its usual forms") {
  const std::pair<const char*, const char*> cases[] = {
      {"2026-11-21T02:51:52Z", "2026-11-21T02:51:52Z"},
      {"2026-11-21T02:51:52.123+01:00", "2026-11-21T01:51:52.123Z"},
      {"2026-11-21 02:51:52,123456", "2026-11-21T02:51:52.123456Z"},
      {"2026-11-21 02:51:52 +0100", "2026-11-21T01:51:52Z"},
      {"2026-11-21T02:51+01", "2026-11-21T01:51:00Z"},
      {"2026-11-21T02", "2026-11-21T02:00:00Z"},
      {"2026-11-21", "2026-11-21T00:00:00Z"},
      {"2026-11", "2026-11-01T00:00:00Z"},
      {"2026", "2026-01-01T00:00:00Z"},
  };
  for (const auto& [text, time] : cases) CHECK(read("ISO8601", text) == time);
  for (const char* text :
       {"", "21 Nov 2026", "2026-11-21T", "2026-11-21T25:00",
        "2026-11-21T02:51:", "2026-11-21T02:51:52.", "2026-11-21T02:51:52X", "2026-11-21X02:51"}) {
    CAPTURE(std::string(text));
    CHECK(read("ISO8601", text) == "none");
  }
}

TEST_CASE("seconds and milliseconds since 1970, exact to the nanosecond") {
  CHECK(read("UNIX", "0") == "1970-01-01T00:00:00Z");
  CHECK(read("UNIX", "1795229512.123456789") == "2026-11-21T02:51:52.123456789Z");
  CHECK(read("UNIX", "-1.5") == "1969-12-31T23:59:58.500Z");
  CHECK(read("UNIX", "1.1234567894") == "1970-01-01T00:00:01.123456789Z");
  CHECK(read("UNIX_MS", "1795229512123") == "2026-11-21T02:51:52.123Z");
  CHECK(read("UNIX_MS", "1.5") == "1970-01-01T00:00:00.001500Z");
  for (const char* text : {"", "-", ".5", "1e3", "12a", "1.2.3", "99999999999999999999", " 1"}) {
    CAPTURE(std::string(text));
    CHECK(read("UNIX", text) == "none");
  }
}

TEST_CASE("TAI64N labels") {
  CHECK(read("TAI64N", "@4000000052f88ea32489532c") == "2014-02-10T08:32:25.612979500Z");
  CHECK(read("TAI64N", "4000000052f88ea32489532c") == "2014-02-10T08:32:25.612979500Z");
  for (const char* text :
       {"@4000000052f88ea3", "@4000000052f88ea3ffffffff", "@0000000052f88ea32489532c",
        "@7fffffffffffffff2489532c", "@400000005zf88ea32489532c"}) {
    CAPTURE(std::string(text));
    CHECK(read("TAI64N", text) == "none");
  }
}

TEST_CASE("a pattern that is wrong is refused at its letter") {
  const auto complaint = [](std::string_view pattern) {
    const auto refused = TimeFormat::parse(pattern);
    REQUIRE_FALSE(refused);
    return refused.error().where + ": " + refused.error().text;
  };
  CHECK(complaint("yyyy-ww").starts_with("1:6: found the letter w of a time, expected one of"));
  CHECK(complaint("HH 'o clock").starts_with("1:4: found a quote that is not closed"));
  CHECK(complaint("").starts_with("1:1: found an empty format"));
}

TEST_CASE("a format says whether a text may mean another time near another moment") {
  const auto needs = [](std::string_view pattern) {
    return test::made(TimeFormat::parse(pattern)).needs_near();
  };
  CHECK(needs("MMM d HH:mm:ss"));
  CHECK(needs("yy-MM-dd"));
  CHECK_FALSE(needs("yyyy-MM-dd"));
  CHECK_FALSE(needs("ISO8601"));
  CHECK_FALSE(needs("UNIX"));
}

}  // namespace
}  // namespace tocsin::rules::parse
