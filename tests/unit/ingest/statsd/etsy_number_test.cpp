#include "ingest/statsd/etsy_number.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

namespace tocsin::statsd {
namespace {

TEST_CASE("numbers are what JavaScript's Number() makes of them") {
  struct Case {
    const char* text;
    double value;
  };
  for (const auto& [text, value] : {Case{"1", 1},
                                    {" 12 ", 12},
                                    {"\t7\r", 7},
                                    {" ", 0},
                                    {"0x10", 16},
                                    {"0XfF", 255},
                                    {"0o17", 15},
                                    {"0b101", 5},
                                    {"1e3", 1000},
                                    {".5", 0.5},
                                    {"5.", 5},
                                    {"-0", -0.0},
                                    {"Infinity", HUGE_VAL},
                                    {"-Infinity", -HUGE_VAL},
                                    {"1e400", HUGE_VAL},
                                    {"-1e400", -HUGE_VAL},
                                    {"1e-400", 0}}) {
    CAPTURE(text);
    REQUIRE(parse_etsy_number(text).has_value());
    CHECK(*parse_etsy_number(text) == value);
  }
}

TEST_CASE("the empty text and whatever is NaN are bad numbers") {
  for (const char* text :
       {"", "abc", "NaN", "0x", "0xg", "-0x10", "0b2", "1e", "1 2", "infinity", "1_0", "."}) {
    CAPTURE(text);
    CHECK_FALSE(parse_etsy_number(text).has_value());
  }
}

TEST_CASE("only the leading digits and dots of a rate count") {
  CHECK(parse_etsy_weight("0.5") == 2);
  CHECK(parse_etsy_weight("1e-1") == 1);
  CHECK(parse_etsy_weight("5") == 0.2);
}

TEST_CASE("rates that would make a counter infinite or stop Etsy's server are refused") {
  for (const char* text :
       {"", "0", "0.0", "-0.1", "abc", "0x1", "Infinity", "+0.5", " 0.5", "1.2.3"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_etsy_weight(text).has_value());
  }
}

}  // namespace
}  // namespace tocsin::statsd
