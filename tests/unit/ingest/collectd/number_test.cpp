#include "ingest/collectd/number.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace tocsin::collectd::testing {
namespace {

using std::chrono::nanoseconds;

TEST_CASE("reals are read to their last digit") {
  CHECK(parse_real("41.5") == 41.5);
  CHECK(parse_real("-12.25") == -12.25);
  CHECK(parse_real("+3") == 3.0);
  CHECK(parse_real("1e308") == 1e308);
  CHECK(parse_real("5e-324") == 5e-324);
  CHECK(parse_real("1e-400") == 0.0);
  CHECK(std::isnan(*parse_real("nan")));
  CHECK(*parse_real("-inf") == -std::numeric_limits<double>::infinity());
}

TEST_CASE("what is no real is refused") {
  for (const char* text :
       {"", "+", "+-1", "1e400", "-1e400", "0x10", "1 ", " 1", "1,5", "U", "e5"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_real(text));
  }
}

TEST_CASE("values are read as their type demands") {
  CHECK(parse_value("18446744073709551615", DsType::kCounter)->bits == 18446744073709551615u);
  CHECK(parse_value("18446744073709551000", DsType::kAbsolute)->bits == 18446744073709551000u);
  CHECK(parse_value("-9223372036854775808", DsType::kDerive)->derive() ==
        std::numeric_limits<std::int64_t>::min());
  CHECK(parse_value("7.5", DsType::kGauge)->real() == 7.5);
  CHECK(std::isnan(parse_value("U", DsType::kGauge)->real()));
}

TEST_CASE("values of another type are refused") {
  CHECK_FALSE(parse_value("18446744073709551616", DsType::kCounter));
  CHECK_FALSE(parse_value("-1", DsType::kCounter));
  CHECK_FALSE(parse_value("1.5", DsType::kDerive));
  CHECK_FALSE(parse_value("9223372036854775808", DsType::kDerive));
  CHECK_FALSE(parse_value("U", DsType::kCounter));
  CHECK_FALSE(parse_value("", DsType::kAbsolute));
  CHECK_FALSE(parse_value("0x10", DsType::kCounter));
}

TEST_CASE("seconds are exact to the nanosecond and cut there") {
  CHECK(parse_seconds("1795229290") == nanoseconds(1795229290000000000));
  CHECK(parse_seconds("1795229290.500") == nanoseconds(1795229290500000000));
  CHECK(parse_seconds("0.0000000019") == nanoseconds(1));
  CHECK(parse_seconds("10.") == nanoseconds(10000000000));
  CHECK(parse_seconds("9223372035.999999999") == nanoseconds(9223372035999999999));
}

TEST_CASE("what is no time is refused") {
  for (const char* text : {"", "-1", "N", ".5", "1e9", "1.5x", "9223372036", "1.-5"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_seconds(text));
  }
}

}  // namespace
}  // namespace tocsin::collectd::testing
