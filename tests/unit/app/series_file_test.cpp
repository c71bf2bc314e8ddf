#include "src/app/series_file.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tocsin::app {
namespace {

constexpr LinePlace kPlace{"f", 3};
using Numbers = std::vector<double>;

Series series_of(std::string_view line) {
  Result<Series> series = parse_series(line, kPlace);
  INFO(std::string(line.substr(0, 200)));
  REQUIRE(series);
  return *std::move(series);
}

std::string error_of(std::string_view line) {
  const Result<Series> series = parse_series(line, kPlace);
  return series ? "accepted" : series.error().message();
}

TEST_CASE("a start and a step give the times") {
  const Series series =
      series_of(R"({"name":"a b","t0":100,"step":10,"values":[1,-2.5,3e2],"now":125.5})");
  CHECK(series.name == "a b");
  CHECK(series.times_s == Numbers{100, 110, 120});
  CHECK(series.values == Numbers{1, -2.5, 300});
  CHECK(series.now_s == 125.5);
}

TEST_CASE("timestamps may be listed, and now is the last of them unless given") {
  const Series series = series_of(R"({"values":[1,2],"timestamps":[5,7.5],"name":"a"})");
  CHECK(series.times_s == Numbers{5, 7.5});
  CHECK(series.now_s == 7.5);
}

TEST_CASE("a series may be empty") {
  CHECK(series_of(R"({"name":"","t0":0,"step":1,"values":[]})").values.empty());
}

TEST_CASE("numbers keep their last bit") {
  const Series series = series_of(
      R"({"name":"a","t0":0,"step":1,"values":[0.1,2.2250738585072014e-308,9007199254740993]})");
  CHECK(series.values == Numbers{0.1, 2.2250738585072014e-308, 9007199254740992.0});
}

TEST_CASE("other fields are ignored whatever they hold") {
  CHECK(series_of(R"({"x":{"values":[{"name":1}],"y":null},"name":"a","z":[[1e-999,"s",true]],)"
                  R"("t0":0,"step":1,"values":[4],"skip":null})")
            .values == Numbers{4});
}

TEST_CASE("lines that are no series are refused where they go wrong") {
  CHECK(error_of(R"({"name":"a","t0":0,"step":1,"values":[1,x]})") ==
        "f:3:41: not JSON (Invalid value), expected one object a line");
  CHECK(error_of(R"({"name":"a","t0":0,"step":1,"values":[1,"2"]})").starts_with("f:3:4"));
  CHECK(error_of("").starts_with("f:3:1: not JSON"));
  CHECK(error_of("{} {}").starts_with("f:3:4: not JSON"));
  CHECK(error_of(std::string_view("{}\0{}", 5)) == "f:3:3: a NUL byte, expected JSON");
  CHECK(error_of("{\"name\":\"\xff\"}").starts_with("f:3:"));
}

TEST_CASE("each complaint says what was found and what was expected") {
  const struct {
    const char* line;
    const char* text;
  } kTable[] = {
      {"[1]", "a list, expected an object"},
      {"7", "a number, expected an object"},
      {"null", "null, expected an object"},
      {R"({"name":7})", "a number in 'name', expected a string"},
      {R"({"t0":"7"})", "a string in 't0', expected a number"},
      {R"({"step":[7]})", "a list in 'step', expected a number"},
      {R"({"now":null})", "null in 'now', expected a number"},
      {R"({"values":7,"name":"a","timestamps":[]})",
       "a number in 'values', expected a list of numbers"},
      {R"({"values":[null]})", "null in 'values', expected a list of numbers"},
      {R"({"values":[[7]]})", "a list in 'values', expected a list of numbers"},
      {R"({"timestamps":[{}]})", "an object in 'timestamps', expected a list of numbers"},
      {R"({"timestamps":[true]})", "a boolean in 'timestamps', expected a list of numbers"},
      {R"({"values":[1e-999]})", "the number 1e-999, expected one that a double can hold"},
      {R"({"t0":1,"t0":2})", "'t0' given twice, expected once"},
      {R"({"values":[]})", "no 'name', expected a string"},
      {R"({"name":"a"})", "no 'values', expected a list of numbers"},
      {R"({"name":"a","values":[]})", "no times, expected 't0' and 'step', or 'timestamps'"},
      {R"({"name":"a","values":[],"t0":1})", "no times, expected 't0' and 'step', or 'timestamps'"},
      {R"({"name":"a","values":[1],"timestamps":[]})",
       "0 timestamps for 1 values, expected as many"},
      {R"({"name":"a","values":[],"timestamps":[],"t0":1})",
       "'timestamps' beside 't0' or 'step', expected one or the other"},
      {R"({"name":"a","values":[1,2,3],"t0":1,"step":1e308})",
       "times beyond what a double can hold, expected epoch seconds"},
  };
  for (const auto& row : kTable) {
    const std::string error = error_of(row.line);
    INFO(std::string(row.line), " gave ", error);
    CHECK(error.starts_with("f:3:"));
    CHECK(error.ends_with(std::string(": ") + row.text));
  }
}

TEST_CASE("hostile nesting is refused at a fixed depth") {
  const std::string nested = "{\"x\":" + std::string(1 << 20, '[');
  CHECK(error_of(nested).find("nested deeper than 16") != std::string::npos);
}

TEST_CASE("a CSV line is a time and a number") {
  const std::string_view line = "2025-01-01 08:59:55,12.50";
  const Result<CsvPoint> point = parse_csv_point(line, kPlace);
  REQUIRE(point);
  CHECK(point->timestamp == "2025-01-01 08:59:55");
  CHECK(point->value_text == "12.50");
  CHECK(point->time_s == 1735721995);
  CHECK(point->value == 12.5);
}

TEST_CASE("CSV lines that are not are refused at the field") {
  const auto error = [](std::string_view line) {
    const Result<CsvPoint> point = parse_csv_point(line, kPlace);
    return point ? "accepted" : point.error().message();
  };
  CHECK(error("12") == "f:3:3: one field, expected timestamp,value");
  CHECK(error("12,") == "f:3:4: found '', expected a finite number and nothing more");
  CHECK(error("12,abc") == "f:3:4: found 'abc', expected a finite number and nothing more");
  CHECK(error("12,1,2") == "f:3:4: found '1,2', expected a finite number and nothing more");
  CHECK(error("12,nan").starts_with("f:3:4: found 'nan'"));
  CHECK(error("12,inf").starts_with("f:3:4: found 'inf'"));
  CHECK(error("yesterday,1").starts_with("f:3:1: found 'yesterday', expected a time"));
}

TEST_CASE("a line of column names is told from a broken point") {
  CHECK(looks_like_csv_header("timestamp,value"));
  CHECK(looks_like_csv_header("when,what,else"));
  CHECK_FALSE(looks_like_csv_header("12,abc"));
  CHECK_FALSE(looks_like_csv_header("timestamp,1"));
  CHECK_FALSE(looks_like_csv_header("timestamp"));
}

}  // namespace
}  // namespace tocsin::app
