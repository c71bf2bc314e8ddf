#include "ingest/graphite/number.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

namespace tocsin::graphite {
namespace {

constexpr TimePoint kReceived{std::chrono::seconds(1'795'230'000)};
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::int64_t nanoseconds(std::optional<TimePoint> time) {
  REQUIRE(time.has_value());
  return time->time_since_epoch().count();
}

TEST_CASE("digits alone are an integer as long as 64 bits hold them") {
  CHECK(parse_number("0") == Metric(std::int64_t{0}));
  CHECK(parse_number("-42") == Metric(std::int64_t{-42}));
  CHECK(parse_number("+7") == Metric(std::int64_t{7}));
  CHECK(parse_number("007") == Metric(std::int64_t{7}));
  CHECK(parse_number("9223372036854775807") == Metric(std::numeric_limits<std::int64_t>::max()));
  CHECK(parse_number("-9223372036854775808") == Metric(std::numeric_limits<std::int64_t>::min()));
  CHECK(parse_number("9223372036854775808") == Metric(9223372036854775808.0));
  CHECK(parse_number("1_000") == Metric(std::int64_t{1000}));
}

TEST_CASE("numbers with a point or an exponent are doubles, correctly rounded") {
  CHECK(parse_number("12.5") == Metric(12.5));
  CHECK(parse_number("5.") == Metric(5.0));
  CHECK(parse_number(".5") == Metric(0.5));
  CHECK(parse_number("-.5") == Metric(-0.5));
  CHECK(parse_number("1e5") == Metric(1e5));
  CHECK(parse_number("1E-3") == Metric(1e-3));
  CHECK(parse_number("32.38327648331624") == Metric(32.38327648331624));
  CHECK(parse_number("0.1234567890123456789") == Metric(0.1234567890123456789));
  CHECK(parse_number("90071992.54740993") == Metric(90071992.54740993));  // 2^53 + 1 digits
  CHECK(parse_number("1_000.2_5e1_0") == Metric(1000.25e10));
}

TEST_CASE("what is too large is infinite, what is too small is 0") {
  CHECK(parse_number("1e999") == Metric(kInfinity));
  CHECK(parse_number("-1e999") == Metric(-kInfinity));
  CHECK(parse_number("1e-999") == Metric(0.0));
}

TEST_CASE("infinity and NaN are written as Python reads them") {
  for (const char* text : {"inf", "Inf", "+INF", "infinity", "Infinity"}) {
    CAPTURE(text);
    CHECK(parse_number(text) == Metric(kInfinity));
  }
  CHECK(parse_number("-inf") == Metric(-kInfinity));
  for (const char* text : {"nan", "NaN", "-nan", "+NAN"}) {
    CAPTURE(text);
    const auto value = as_double(parse_number(text));
    REQUIRE(value.has_value());
    CHECK(std::isnan(*value));
  }
}

TEST_CASE("other texts are not numbers") {
  for (const char* text : {"",    "-",   "+",     ".",    "-.",   "e5",   "1e", "1e+",  "--1",
                           "+-1", "-+1", "1.2.3", "0x10", "1,5",  "here", "in", "infi", "nan(1)",
                           "_1",  "1_",  "1__0",  "1_.5", "1._5", "1e_5", "1 ", " 1",   "1a"}) {
    CAPTURE(text);
    CHECK(parse_number(text) == Metric());
  }
}

TEST_CASE("the short form stops behind the number and leaves long ones to parse_number") {
  Metric number;
  const std::string text = "12.5 17";
  CHECK(read_short_number(text.data(), text.data() + text.size(), number) == text.data() + 4);
  CHECK(number == Metric(12.5));
  const std::string digits(19, '1');
  CHECK(read_short_number(digits.data(), digits.data() + digits.size(), number) == nullptr);
  const std::string wide = "12345678901.2345678";  // 18 digits above 2^53
  CHECK(read_short_number(wide.data(), wide.data() + wide.size(), number) == nullptr);
  CHECK(read_short_number(text.data(), text.data(), number) == nullptr);
}

TEST_CASE("ten digits are read at once, and nothing else is") {
  std::int64_t number = 0;
  REQUIRE(read_ten_digits("1795229000", number));
  CHECK(number == 1'795'229'000);
  REQUIRE(read_ten_digits("0000000009", number));
  CHECK(number == 9);
  for (std::size_t i = 0; i < 10; ++i) {
    for (const char strange : {'/', ':', '.', ' ', '-', '\x80', '\xB1'}) {
      std::string text = "1795229000";
      text[i] = strange;
      CHECK_FALSE(read_ten_digits(text.data(), number));
    }
  }
}

TEST_CASE("times keep nine decimals") {
  CHECK(nanoseconds(parse_time("1795229000", kReceived)) == 1'795'229'000'000'000'000);
  CHECK(nanoseconds(parse_time("1795229000.75", kReceived)) == 1'795'229'000'750'000'000);
  CHECK(nanoseconds(parse_time("1795229000.123456789", kReceived)) == 1'795'229'000'123'456'789);
  CHECK(nanoseconds(parse_time("0", kReceived)) == 0);
  CHECK(nanoseconds(parse_time("9223372035.999999999", kReceived)) == 9'223'372'035'999'999'999);
  CHECK(nanoseconds(parse_time("1.795229e9", kReceived)) == 1'795'229'000'000'000'000);
  CHECK(nanoseconds(parse_time("1_795_229_000", kReceived)) == 1'795'229'000'000'000'000);
  CHECK(nanoseconds(parse_time("1.0000000005", kReceived)) == 1'000'000'001);
}

TEST_CASE("what truncates to -1 is the time of arrival") {
  for (const char* text : {"-1", "-1.0", "-1.9", "-1e0"}) {
    CAPTURE(text);
    CHECK(parse_time(text, kReceived) == kReceived);
  }
  CHECK(time_from(Metric(std::int64_t{-1}), kReceived) == kReceived);
  CHECK(time_from(Metric(-1.5), kReceived) == kReceived);
}

TEST_CASE("times before 1970 or after 2262, and what is not a time, are none") {
  for (const char* text : {"-2", "-0.5", "-2.5", "9223372036", "1795229000000", "1e300", "inf",
                           "-inf", "nan", "", "now", "1.2.3"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_time(text, kReceived).has_value());
  }
  CHECK_FALSE(time_from(Metric(), kReceived).has_value());
  CHECK_FALSE(time_from(Metric(9223372036.0), kReceived).has_value());
}

TEST_CASE("a double's time is rounded to the nanosecond") {
  CHECK(nanoseconds(time_from(Metric(1795229000.75), kReceived)) == 1'795'229'000'750'000'000);
  CHECK(nanoseconds(time_from(Metric(0.9999999999), kReceived)) == 1'000'000'000);
}

}  // namespace
}  // namespace tocsin::graphite
