#include "src/app/timestamp.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tocsin::app {
namespace {

TEST_CASE("all forms of a time give the same seconds") {
  // date -u -d '2025-01-01 08:59:55' +%s
  constexpr double kSeconds = 1735721995;
  for (const char* text :
       {"2025-01-01 08:59:55", "2025-01-01T08:59:55", "2025-01-01T08:59:55Z",
        "2025-01-01T09:59:55+01:00", "2025-01-01 03:29:55-05:30", "2025-01-01 08:59:55.000",
        "1735721995", "1735721995.0", "1.735721995e9"}) {
    INFO(std::string(text));
    const Result<double> time_s = parse_timestamp(text);
    REQUIRE(time_s);
    CHECK(*time_s == kSeconds);
  }
}

TEST_CASE("fractions of a second are kept") {
  CHECK(*parse_timestamp("1970-01-01 00:00:01.25") == 1.25);
  CHECK(*parse_timestamp("1.25") == 1.25);
  CHECK(*parse_timestamp("1969-12-31T23:59:59.5Z") == -0.5);
}

TEST_CASE("leap days exist in leap years only") {
  CHECK(*parse_timestamp("2024-02-29 00:00:00") == 1709164800);
  CHECK_FALSE(parse_timestamp("2025-02-29 00:00:00"));
}

TEST_CASE("what is not a time is refused") {
  for (const char* text :
       {"", "timestamp", "2025-01-01", "2025-01-01 08:59", "2025-1-1 08:59:55",
        "2025-13-01 00:00:00", "2025-01-01 24:00:00", "2025-01-01 08:59:60", "2025-01-01 08:59:55.",
        "2025-01-01 08:59:55x", "2025-01-01 08:59:55+1", "2025-01-01 08:59:55+01:0",
        " 2025-01-01 08:59:55", "nan", "inf", "12 ", "0x10", "01/02/2025 10:00:00"}) {
    INFO(std::string(text));
    const Result<double> time_s = parse_timestamp(text);
    REQUIRE_FALSE(time_s);
    CHECK(time_s.error().code == Errc::kSyntax);
  }
}

TEST_CASE("milliseconds since the epoch are told apart") {
  const Result<double> time_s = parse_timestamp("1735721995000");
  REQUIRE_FALSE(time_s);
  CHECK(time_s.error().code == Errc::kRange);
}

}  // namespace
}  // namespace tocsin::app
