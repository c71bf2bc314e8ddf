#include <doctest/doctest.h>

#include "src/event/rfc3339.hpp"
#include "tests/unit/rules/steps/rig.hpp"

namespace tocsin::rules {
namespace {

using test::applied;
using test::complaint;
using test::Texts;

std::string time_of(const std::string& step, const char* ts) {
  return event::rfc3339(applied("      - date: " + step + "\n", "", {{"ts", ts}}).time);
}

TEST_CASE("a field, its formats, its zone") {
  CHECK(time_of("ts", "2026-11-21T02:51:52Z") == "2026-11-21T02:51:52Z");
  CHECK(time_of("{field: ts}", "2026-11-21") == "2026-11-21T00:00:00Z");
  CHECK(time_of("{field: ts, formats: UNIX}", "60") == "1970-01-01T00:01:00Z");
  CHECK(time_of("{match: [ts, ISO8601, 'dd/MMM/yyyy:HH:mm:ss Z']}", "21/Nov/2026:02:51:52 +0100") ==
        "2026-11-21T01:51:52Z");
  CHECK(
      time_of("{field: ts, formats: ['yyyy-MM-dd HH:mm'], timezone: Europe/Berlin, locale: en-US}",
              "2026-07-01 12:00") == "2026-07-01T10:00:00Z");
}

TEST_CASE("another target, and the tag of failure") {
  CHECK(applied("      - date: {match: [ts, UNIX], target: at, remove_field: ts}\n", "",
                {{"ts", "1"}})
            .attributes == Texts{{"at", "1970-01-01T00:00:01Z"}});
  CHECK(applied("      - date: ts\n", "", {{"ts", "x"}}).tags ==
        std::vector<std::string>{"_dateparsefailure"});
}

TEST_CASE("what is wrong is refused at its place") {
  CHECK(complaint("      - date: {match: [ts, 'yyyy-ww']}\n")
            .starts_with("5:34: found the letter w of a time"));
  CHECK(complaint("      - date: {match: ts}\n") ==
        "5:23: found 'ts', expected [FIELD, FORMAT...]");
  CHECK(complaint("      - date: {match: [ts]}\n").starts_with("5:23: found a list"));
  CHECK(complaint("      - date: {field: ts, timezone: Mars/Rover}\n")
            .starts_with("5:37: found an "
                         "unknown time zone"));
  CHECK(complaint("      - date: {field: ts, locale: de}\n")
            .starts_with("5:35: found the locale 'de'"));
  CHECK(complaint("      - date: {formats: UNIX}\n")
            .starts_with("5:15: found a date without a field"));
  CHECK(complaint("      - date: {}\n").starts_with("5:15: found a date without a field"));
}

}  // namespace
}  // namespace tocsin::rules
