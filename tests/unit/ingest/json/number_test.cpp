#include "ingest/json/number.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

namespace tocsin::json_lines {
namespace {

using std::chrono::nanoseconds;

TEST_CASE("an integer stays one as far as 64 bits go") {
  CHECK(parse_metric("0") == Metric(std::int64_t{0}));
  CHECK(parse_metric("-42") == Metric(std::int64_t{-42}));
  CHECK(parse_metric("9223372036854775807") == Metric(std::numeric_limits<std::int64_t>::max()));
  CHECK(parse_metric("-9223372036854775808") == Metric(std::numeric_limits<std::int64_t>::min()));
  CHECK(parse_metric("9223372036854775808") == Metric(9223372036854775808.0));
}

TEST_CASE("what has a point or an exponent is the nearest double") {
  CHECK(parse_metric("0.1") == Metric(0.1));
  CHECK(parse_metric("1.0") == Metric(1.0));
  CHECK(parse_metric("1e3") == Metric(1000.0));
  CHECK(parse_metric("-2.5E-3") == Metric(-0.0025));
  CHECK(parse_metric("3.14159265358979323846") == Metric(3.14159265358979323846));
}

TEST_CASE("what is no number, or no finite one, is no metric") {
  for (const char* text : {"", "-", "x", "1x", "1e999", "--1", "1.2.3"}) {
    CAPTURE(text);
    CHECK(parse_metric(text) == Metric());
  }
}

TEST_CASE("an integer beyond 64 bits is told from others") {
  CHECK(is_rounded_integer("18446744073709551615"));
  CHECK(is_rounded_integer("-9223372036854775809"));
  for (const char* text : {"9223372036854775807", "-9223372036854775808", "1e30", "1.5", "", "x"}) {
    CAPTURE(text);
    CHECK(!is_rounded_integer(text));
  }
}

TEST_CASE("decimals are scaled exactly, and cut behind the last place") {
  CHECK(parse_scaled("1.5", 3) == 1500);
  CHECK(parse_scaled("-0.25", 2) == -25);
  CHECK(parse_scaled("7", 0) == 7);
  CHECK(parse_scaled("0.1239", 3) == 123);
  CHECK(parse_scaled("-9223372036854775.808", 3) == std::numeric_limits<std::int64_t>::min());
  CHECK(parse_scaled("9223372036854775.807", 3) == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("what does not fit 64 bits when scaled, or has an exponent, is refused") {
  for (const char* text :
       {"9223372036854775.808", "-9223372036854775.809", "9999999999999999999999", "1e3", "", "-",
        ".5", "1.", "1.x", "1.-2", "x"}) {
    CAPTURE(text);
    CHECK(!parse_scaled(text, 3));
  }
}

TEST_CASE("seconds are exact to the nanosecond") {
  CHECK(parse_seconds("1795229828.474") == nanoseconds(1795229828474000000));
  CHECK(parse_seconds("0.000000001") == nanoseconds(1));
  CHECK(parse_seconds("-1") == nanoseconds(-1000000000));
  CHECK(!parse_seconds("99999999999"));
}

}  // namespace
}  // namespace tocsin::json_lines
