#include "src/query/value.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

using namespace tocsin::query;

namespace {

Value quoted(const Literal& literal) {
  return Value::of(literal);
}

}  // namespace

TEST_CASE("an integer and a double compare by their exact values beyond 2^53") {
  const Value above = Value::integer(9007199254740993);  // 2^53 + 1 has no double of its own
  const Value real = Value::real(9007199254740992.0);
  CHECK_FALSE(equal(above, real));
  CHECK(order(above, real) > 0);
  CHECK(order(real, above) < 0);
  CHECK(equal(Value::integer(9007199254740992), real));
}

TEST_CASE("the ends of int64 compare with doubles that no int64 can hold") {
  const Value most = Value::integer(std::numeric_limits<std::int64_t>::max());
  const Value least = Value::integer(std::numeric_limits<std::int64_t>::min());
  CHECK(order(most, Value::real(9223372036854775808.0)) < 0);
  CHECK(equal(least, Value::real(-9223372036854775808.0)));
  CHECK(order(least, Value::real(-std::numeric_limits<double>::infinity())) > 0);
  CHECK(order(most, Value::real(std::numeric_limits<double>::infinity())) < 0);
}

TEST_CASE("a fraction decides between an integer and a double with the same whole part") {
  CHECK(order(Value::integer(3), Value::real(3.5)) < 0);
  CHECK(order(Value::integer(-3), Value::real(-3.5)) > 0);
  CHECK(order(Value::integer(0), Value::real(-0.5)) > 0);
  CHECK(order(Value::integer(0), Value::real(-0.0)) == 0);
}

TEST_CASE("NaN neither equals nor orders with anything") {
  const Value nan = Value::real(std::numeric_limits<double>::quiet_NaN());
  CHECK_FALSE(equal(nan, nan));
  CHECK(order(nan, Value::integer(1)) == std::partial_ordering::unordered);
  CHECK(order(Value::integer(1), nan) == std::partial_ordering::unordered);
}

TEST_CASE("a text of an event is a number where the other side is one") {
  CHECK(equal(Value::text("500"), Value::integer(500)));
  CHECK(equal(Value::text("5e2"), Value::integer(500)));
  CHECK(equal(Value::integer(500), Value::text("500.0")));
  CHECK(order(Value::text("9"), Value::integer(10)) < 0);
  CHECK(order(Value::text("500ms"), Value::integer(10)) == std::partial_ordering::unordered);
  CHECK_FALSE(equal(Value::text("500ms"), Value::integer(500)));
}

TEST_CASE("two texts are equal by their bytes, even when they spell the same number") {
  CHECK_FALSE(equal(Value::text("1.10"), Value::text("1.1")));
  CHECK(equal(Value::text("1.10"), quoted(std::string("1.10"))));
}

TEST_CASE("two texts of an event order as numbers when both are numbers, else by bytes") {
  CHECK(order(Value::text("9"), Value::text("10")) < 0);
  CHECK(order(Value::text("9"), Value::text("1x")) > 0);
}

TEST_CASE("a string literal orders by bytes") {
  CHECK(order(Value::text("9"), quoted(std::string("10"))) > 0);
  CHECK(order(Value::text("2024-05-01"), quoted(std::string("2024-04-30"))) > 0);
}

TEST_CASE("an empty text is a missing one") {
  CHECK(Value::text("").is_missing());
  CHECK(equal(Value::text(""), Value::missing()));
}

TEST_CASE("what is missing equals only what is missing, and orders with nothing") {
  CHECK(equal(Value::missing(), Value::missing()));
  CHECK_FALSE(equal(Value::missing(), Value::integer(0)));
  CHECK(order(Value::missing(), Value::integer(0)) == std::partial_ordering::unordered);
}

TEST_CASE("true and false equal the texts that say so") {
  CHECK(equal(Value::text("true"), quoted(true)));
  CHECK(equal(quoted(false), Value::text("false")));
  CHECK_FALSE(equal(Value::text("1"), quoted(true)));
  CHECK_FALSE(equal(Value::integer(1), quoted(true)));
}

TEST_CASE("a bare value is true unless it is missing or says false; zero is true") {
  CHECK(truthy(Value::integer(0)));
  CHECK(truthy(Value::text("no")));
  CHECK_FALSE(truthy(Value::text("false")));
  CHECK_FALSE(truthy(Value::missing()));
}

TEST_CASE("words, hexadecimal and half numbers are not numbers") {
  for (const char* text :
       {"inf", "nan", "Infinity", "0x10", "1e", "-", "+", "+-1", "1 ", " 1", "1_0"}) {
    CAPTURE(text);
    CHECK_FALSE(number_in(text).has_value());
  }
  for (const char* text : {"0", "-0", "+5", ".5", "1e3", "-1.5E-3", "18446744073709551616"}) {
    CAPTURE(text);
    CHECK(number_in(text).has_value());
  }
}
