#include "ingest/syslog/timestamp.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/ingest/syslog/times.hpp"

namespace tocsin::syslog {
namespace {

using testing::at;

TEST_CASE("ISO times with offset and fraction are read to the nanosecond") {
  struct Case {
    const char* text;
    TimePoint expected;
  };
  const Case cases[] = {
      {"2026-11-21T02:51:52Z", at(2026, 11, 21, 2, 51, 52)},
      {"2026-11-21T02:51:52.204377+00:00", at(2026, 11, 21, 2, 51, 52, 204'377'000)},
      {"2026-11-21T02:51:52.5-08:00", at(2026, 11, 21, 10, 51, 52, 500'000'000)},
      {"2026-11-21T02:51:52+05:30", at(2026, 11, 20, 21, 21, 52)},
      {"2026-11-21T02:51:52.123456789Z", at(2026, 11, 21, 2, 51, 52, 123'456'789)},
      {"2028-02-29T23:59:59Z", at(2028, 2, 29, 23, 59, 59)},
      {"1970-01-01T00:00:00Z", TimePoint{}},
      {"2261-12-31T23:59:59.999999999Z", at(2261, 12, 31, 23, 59, 59, 999'999'999)},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const IsoTime time = read_iso_time(c.text);
    CHECK(time.size == std::string_view(c.text).size());
    CHECK(time.has_offset);
    CHECK(time.time == c.expected);
  }
}

TEST_CASE("fractions of every length are read, whatever follows") {
  const std::string digits = "123456789";
  for (std::size_t size = 1; size <= digits.size(); ++size) {
    const std::string fraction = digits.substr(0, size);
    const auto expected = std::stoi(fraction + std::string(9 - size, '0'));
    for (const char* rest : {"Z", "Z 1", "Z host app", "+00:00", "+00:00 host"}) {
      const std::string text = "2026-11-21T02:51:52." + fraction + rest;
      CAPTURE(text);
      const IsoTime time = read_iso_time(text);
      CHECK(time.has_offset);
      CHECK(time.time == at(2026, 11, 21, 2, 51, 52, expected));
      CHECK(time.size == text.find_last_of("Z0") + 1);
    }
  }
}

TEST_CASE("one who reads many times reads each as if it were the first") {
  IsoTimeReader reader;
  for (const char* text : {"2026-11-21T02:51:52Z", "2026-11-21T02:51:53Z", "2026-11-22T02:51:53Z",
                           "2026-12-22T02:51:53Z", "2026-13-22T02:51:53Z", "2026-12-22T02:51:53Z",
                           "2026-12-32T02:51:53Z", "2027-12-22T02:51:53Z", "2027-12-22t02:51:53Z",
                           "2027-12-22T02:51:60Z", "2027-12-22T02:51:59Z", "1969-12-31T00:00:00Z",
                           "1970-01-01T00:00:00Z", ""}) {
    CAPTURE(text);
    const IsoTime expected = read_iso_time(text);
    const IsoTime time = reader.read(text);
    CHECK(time.size == expected.size);
    CHECK(time.time == expected.time);
    CHECK(time.has_offset == expected.has_offset);
  }
}

TEST_CASE("an ISO time without offset says so, and what follows is not looked at") {
  const IsoTime time = read_iso_time("2026-11-21T02:51:52 host");
  CHECK(time.size == 19);
  CHECK(!time.has_offset);
  CHECK(time.time == at(2026, 11, 21, 2, 51, 52));
}

TEST_CASE("what is no ISO time is none") {
  for (const char* text : {"",
                           "2026",
                           "2026-11-21",
                           "2026-11-21 02:51:52Z",
                           "2026-11-21t02:51:52Z",
                           "2026-13-21T02:51:52Z",
                           "2026-00-21T02:51:52Z",
                           "2026-11-31T02:51:52Z",
                           "2027-02-29T02:51:52Z",
                           "2026-11-00T02:51:52Z",
                           "2026-11-21T24:00:00Z",
                           "2026-11-21T02:60:52Z",
                           "2026-11-21T02:51:60Z",
                           "2026-11-21T02-51-52Z",
                           "2026-11-21T02:51:52.Z",
                           "2026-11-21T02:51:52.1234567890Z",
                           "1969-12-31T23:59:59Z",
                           "2262-01-01T00:00:00Z",
                           "x026-11-21T02:51:52Z",
                           "2026-11-21T0x:51:52Z"}) {
    CAPTURE(text);
    CHECK(read_iso_time(text).size == 0);
  }
}

TEST_CASE("an offset that is none is left to the caller") {
  for (const char* text :
       {"2026-11-21T02:51:52z", "2026-11-21T02:51:52+24:00", "2026-11-21T02:51:52+00:60",
        "2026-11-21T02:51:52+0000", "2026-11-21T02:51:52+00"}) {
    CAPTURE(text);
    const IsoTime time = read_iso_time(text);
    CHECK(time.size == 19);
    CHECK(!time.has_offset);
  }
}

TEST_CASE("BSD times are read however the day is padded") {
  struct Case {
    const char* text;
    TimePoint expected;
    std::size_t size;
  };
  const TimePoint received = at(2026, 12, 1, 0, 0, 0);
  const Case cases[] = {
      {"Nov 21 02:51:52 vm", at(2026, 11, 21, 2, 51, 52), 15},
      {"Nov  7 02:51:52", at(2026, 11, 7, 2, 51, 52), 15},
      {"Nov 07 02:51:52", at(2026, 11, 7, 2, 51, 52), 15},
      {"Nov 7 02:51:52 vm", at(2026, 11, 7, 2, 51, 52), 14},
      {"Nov 21 02:52:12.000001 vm", at(2026, 11, 21, 2, 52, 12, 1000), 22},
      {"Nov 21 02:52:12,25", at(2026, 11, 21, 2, 52, 12, 250'000'000), 18},
      {"Nov 21 02:52:12.", at(2026, 11, 21, 2, 52, 12), 15},
      {"Nov 21 2019 02:52:12: x", at(2019, 11, 21, 2, 52, 12), 20},
      {"Jan 31 00:00:00", at(2026, 1, 31, 0, 0, 0), 15},
      {"Dec  1 23:59:59", at(2026, 12, 1, 23, 59, 59), 15},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const BsdTime time = read_bsd_time(c.text);
    REQUIRE(time.size == c.size);
    CHECK(resolve(time, {}, received) == c.expected);
  }
}

TEST_CASE("what is no BSD time is none") {
  for (const char* text : {"",
                           "Nov",
                           "Nov 21",
                           "Nov 21 02:51",
                           "Nov 21 02:51:5",
                           "nov 21 02:51:52",
                           "Nox 21 02:51:52",
                           "Nov 31 02:51:52",
                           "Nov 00 02:51:52",
                           "Nov  0 02:51:52",
                           "Nov211 02:51:52",
                           "Nov 211 02:51:52",
                           "Nov 21 24:51:52",
                           "Nov 21 02:61:52",
                           "Nov 21 02:51:62",
                           "Nov 21 2:51:52 x",
                           "Nov-21 02:51:52",
                           "Nov 21  02:51:52",
                           "Nov xx 02:51:52",
                           "Nov 21 1969 02:51:52",
                           "Nov 21 2262 02:51:52",
                           "Nov    02:51:52 "}) {
    CAPTURE(text);
    CHECK(read_bsd_time(text).size == 0);
  }
}

TEST_CASE("the year is the one that brings the time nearest, at most a day ahead") {
  const auto resolved = [](const char* text, TimePoint received) {
    return resolve(read_bsd_time(text), {}, received);
  };
  const TimePoint new_year = at(2027, 1, 1, 0, 0, 10);
  CHECK(resolved("Dec 31 23:59:59", new_year) == at(2026, 12, 31, 23, 59, 59));
  CHECK(resolved("Jan  2 00:00:10", new_year) == at(2027, 1, 2, 0, 0, 10));
  CHECK(resolved("Jan  2 00:00:11", new_year) == at(2026, 1, 2, 0, 0, 11));
  CHECK(resolved("Jan  1 00:00:20", at(2026, 12, 31, 23, 59, 50)) == at(2027, 1, 1, 0, 0, 20));
  CHECK(resolved("Feb 29 12:00:00", at(2027, 3, 1, 0, 0, 0)) == at(2024, 2, 29, 12, 0, 0));
  CHECK(resolved("Feb 29 12:00:00", at(2103, 3, 1, 0, 0, 0)) == at(2096, 2, 29, 12, 0, 0));
}

TEST_CASE("a day that its year does not have is the time of arrival") {
  const TimePoint received = at(2026, 11, 21, 0, 0, 0);
  const BsdTime time = read_bsd_time("Feb 29 2026 12:00:00");
  REQUIRE(time.size != 0);
  CHECK(resolve(time, {}, received) == received);
}

TEST_CASE("BSD times are of the given zone, and the year is found there too") {
  const base::TimeZone zone = *base::TimeZone::parse("+10:00");
  // In Sydney it is New Year already.
  CHECK(resolve(read_bsd_time("Jan  1 05:00:00"), zone, at(2026, 12, 31, 19, 0, 5)) ==
        at(2026, 12, 31, 19, 0, 0));
  CHECK(resolve(read_bsd_time("Jul  1 05:00:00.25"), zone, at(2026, 12, 31, 19, 0, 5)) ==
        at(2026, 6, 30, 19, 0, 0, 250'000'000));
}

TEST_CASE("one who reads many BSD times reads and resolves each as if it were the first") {
  const char* texts[] = {"Nov 21 02:51:52 web",  "Nov 21 02:51:53 web", "Nov 21 02:51:53",
                         "Nov 21 02:51:53.5 w",  "Nov 21 02:51:53:",    "Nov 21 2025 02:51:53 w",
                         "Nov  7 02:51:53 a",    "Nov 7 02:51:53 web",  "Feb 29 02:51:53 w",
                         "Feb 29 2026 02:51:53", "Dec 31 23:59:59 w",   "Nov 41 02:51:52 w"};
  // On and on, back, and over years.
  const TimePoint arrivals[] = {
      at(2026, 11, 21, 2, 51, 53), at(2026, 11, 20, 2, 51, 53), at(2026, 11, 20, 2, 51, 52),
      at(2026, 11, 21, 2, 51, 53), at(2027, 1, 1, 0, 0, 0),     at(2027, 11, 19, 0, 0, 0),
      at(2027, 11, 21, 2, 51, 52), at(2028, 3, 1, 0, 0, 0),     at(2028, 2, 1, 0, 0, 0)};
  const base::TimeZone zone = *base::TimeZone::parse("-03:00");
  for (const char* text : texts) {
    BsdTimeReader reader;
    for (const char* other : texts) {
      for (const TimePoint received : arrivals) {
        for (const char* each : {text, text, other}) {
          CAPTURE(each);
          CAPTURE(other);
          const BsdTime expected = read_bsd_time(each);
          const BsdTime time = reader.read(each);
          CHECK(time == expected);
          if (time.size == 0) continue;
          CHECK(reader.resolve(time, zone, received) == resolve(expected, zone, received));
        }
      }
    }
  }
}

TEST_CASE("times before 1970 still resolve") {
  CHECK(resolve(read_bsd_time("Nov 21 02:51:52"), {}, TimePoint{}) == at(1969, 11, 21, 2, 51, 52));
}

}  // namespace
}  // namespace tocsin::syslog
