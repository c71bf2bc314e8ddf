#include "src/rules/parse/value.hpp"

#include <doctest/doctest.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace tocsin::rules::parse {
namespace {

TEST_CASE("a value as the text of an attribute") {
  TextArena arena;
  CHECK(as_text({}, arena).empty());
  CHECK(as_text(Value::text("as it is"), arena) == "as it is");
  CHECK(as_text(Value::integer(-42), arena) == "-42");
  CHECK(as_text(Value::integer(std::numeric_limits<std::int64_t>::min()), arena) ==
        "-9223372036854775808");
  CHECK(as_text(Value::real(12), arena) == "12.0");
  CHECK(as_text(Value::real(0.1), arena) == "0.1");
  CHECK(as_text(Value::real(1e300), arena) == "1e+300");
  CHECK(as_text(Value::real(std::numeric_limits<double>::quiet_NaN()), arena) == "NaN");
  CHECK(as_text(Value::boolean(true), arena) == "true");
  CHECK(as_text(Value::boolean(false), arena) == "false");
}

TEST_CASE("a list is JSON as an attribute, and its elements with commas within a text") {
  TextArena arena;
  const std::vector<Value> elements = {Value::text("a\"b\\\n"), Value::integer(1),
                                       Value::boolean(true)};
  CHECK(as_text(Value::list(elements), arena) == R"(["a\"b\\\u000a",1,true])");
  CHECK(as_shown(Value::list(elements), arena) == "a\"b\\\n,1,true");
  CHECK(as_text(Value::list({}), arena) == "[]");
}

TEST_CASE("a number is all of a text, not its beginning") {
  CHECK(as_number(Value::text("12")) == 12);
  CHECK(as_number(Value::text(" -0.5\n")) == -0.5);
  CHECK(as_number(Value::text("+1e3")) == 1000);
  CHECK(as_number(Value::text(".5")) == 0.5);
  CHECK(as_number(Value::integer(7)) == 7);
  CHECK(as_number(Value::real(7.5)) == 7.5);
  for (const char* text : {"", " ", "12ms", "1,000", "inf", "nan", "-inf", "0x10", "-", "++1"}) {
    CAPTURE(text);
    CHECK_FALSE(as_number(Value::text(text)));
  }
  CHECK_FALSE(as_number({}));
  CHECK_FALSE(as_number(Value::boolean(true)));
  CHECK_FALSE(as_number(Value::list({})));
}

TEST_CASE("a whole number of 64 bits is kept to the last digit") {
  CHECK(as_integer(Value::text("9223372036854775807")) == std::numeric_limits<std::int64_t>::max());
  CHECK(as_integer(Value::integer(5)) == 5);
  for (const char* text : {"9223372036854775808", "1.0", " 1", "1 ", ""}) {
    CAPTURE(text);
    CHECK_FALSE(as_integer(Value::text(text)));
  }
  CHECK_FALSE(as_integer(Value::real(1)));
}

TEST_CASE("a real is written as short as it can be, whatever its size") {
  TextArena arena;
  const auto shortest = [](double real) {
    char text[40];
    std::string all(text, std::to_chars(text, text + sizeof text, real).ptr);
    return all.find_first_of(".e") == std::string::npos ? all + ".0" : all;
  };
  std::mt19937_64 random(11);
  for (int i = 0; i < 20'000; ++i) {
    const auto digits = static_cast<double>(random() % 2'000'000'000);
    const double scale = std::pow(10, static_cast<double>(random() % 9));
    const double real = (random() % 2 == 0 ? digits : -digits) / scale;
    CHECK(as_text(Value::real(real), arena) == shortest(real));
    const double near = std::nextafter(real, 1e9);
    CHECK(as_text(Value::real(near), arena) == shortest(near));
  }
  for (const double real : {0.0, -0.0, 0.001, 0.0005, 1e5, 99999.9999, 0.00015, 1e300}) {
    CHECK(as_text(Value::real(real), arena) == shortest(real));
  }
}

TEST_CASE("single values and lists add up to a list") {
  TextArena arena;
  const std::vector<Value> list = {Value::text("b"), Value::text("c")};
  CHECK(as_text(concatenated(Value::text("a"), Value::list(list), arena), arena) ==
        R"(["a","b","c"])");
  CHECK(as_text(concatenated({}, Value::integer(1), arena), arena) == "[1]");
}

TEST_CASE("values are equal when kind and contents are") {
  const std::vector<Value> one = {Value::text("a")};
  const std::vector<Value> other = {Value::text("b")};
  CHECK(Value::list(one) == Value::list(one));
  CHECK_FALSE(Value::list(one) == Value::list(other));
  CHECK_FALSE(Value::integer(1) == Value::text("1"));
  CHECK_FALSE(Value::integer(1) == Value::boolean(true));
  CHECK(Value() == Value());
}

}  // namespace
}  // namespace tocsin::rules::parse
