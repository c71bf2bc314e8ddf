#include "ingest/json/time.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "src/event/rfc3339.hpp"

namespace tocsin::json_lines {
namespace {

// As text, which failures show; "-" for none.
std::string read(std::string_view text) {
  const auto time = parse_time(text);
  return time ? event::rfc3339(*time) : "-";
}

TEST_CASE("RFC 3339 is a time, in the forms that programs write") {
  CHECK(read("2026-11-21T02:51:52Z") == "2026-11-21T02:51:52Z");
  CHECK(read("2026-11-21T02:51:52.204377+00:00") == "2026-11-21T02:51:52.204377Z");
  CHECK(read("2026-11-21T03:51:52.123456789+01:00") == "2026-11-21T02:51:52.123456789Z");
  CHECK(read("2026-11-21t02:51:52z") == "2026-11-21T02:51:52Z");
  CHECK(read("2026-11-21 02:51:52,204") == "2026-11-21T02:51:52.204Z");
  CHECK(read("2026-11-20T21:21:52.5-0530") == "2026-11-21T02:51:52.500Z");
  CHECK(read("2026-11-21T02:51:52+0000") == "2026-11-21T02:51:52Z");
  CHECK(read("2026-11-21T02:51:52") == "2026-11-21T02:51:52Z");
  CHECK(read("2026-11-21T02:51:52-08:00") == "2026-11-21T10:51:52Z");
}

TEST_CASE("the digits of an epoch time tell its unit") {
  CHECK(read("1795229828") == "2026-11-21T02:57:08Z");
  CHECK(read("1795229828.474") == "2026-11-21T02:57:08.474Z");
  CHECK(read("1795229828474") == "2026-11-21T02:57:08.474Z");
  CHECK(read("1795229828474.25") == "2026-11-21T02:57:08.474250Z");
  CHECK(read("1795229828474123") == "2026-11-21T02:57:08.474123Z");
  CHECK(read("1795229828474123456") == "2026-11-21T02:57:08.474123456Z");
  CHECK(read("0") == "1970-01-01T00:00:00Z");
  CHECK(read("-1.5") == "1969-12-31T23:59:58.500Z");
  CHECK(read("9223372036.854775807") == "2262-04-11T23:47:16.854775807Z");
}

TEST_CASE("an epoch time with an exponent is a double") {
  CHECK(read("1.795229828e9") == "2026-11-21T02:57:08Z");
  CHECK(read("1.795229828E12") == "2026-11-21T02:57:08Z");
  CHECK(read("1.795229828e+15") == "2026-11-21T02:57:08Z");
  CHECK(read("1.795229828e18") == "2026-11-21T02:57:08Z");
}

TEST_CASE("what is no time, or beyond what a time holds, is none") {
  for (const char* text :
       {"", "-", "soon", "12:00", "21/Nov/2026:02:51:52 +0000", "2026-11-21",
        "2026-13-21T02:51:52Z", "2026-11-21T02:51:60Z", "2026-11-21T02:51:52.1234567891Z",
        "2026-11-21T02:51:52ZZ", "2026-11-21T02:51:52 UTC", "1795229828s", "99999999999", "1e30",
        "1e", "12.", "1.2.3", "99999999999999999999",
        "2026-11-21T02:51:52.123456789+00:000000000"}) {
    CAPTURE(text);
    CHECK(read(text) == "-");
  }
}

}  // namespace
}  // namespace tocsin::json_lines
