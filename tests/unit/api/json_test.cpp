#include "src/api/json.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace tocsin::api {
namespace {

std::string json(const Event& event) {
  std::string out;
  append_json(event, out);
  return out;
}

TEST_CASE("an event shows what it has and leaves out what it has not") {
  Event event;
  event.time = TimePoint(std::chrono::milliseconds(1'700'000'000'250));
  event.service = "a \"b\"";
  event.metric = std::int64_t{9'007'199'254'740'993};
  event.tags = {"x", "y"};
  event.ttl = std::chrono::seconds(60);
  event.attributes = {{"k", "line\nbreak\x01"}};
  CHECK(json(event) ==
        "{\"time\":1700000000.25,\"service\":\"a \\\"b\\\"\",\"metric\":9007199254740993,"
        "\"tags\":[\"x\",\"y\"],\"ttl\":60,\"attributes\":{\"k\":\"line\\nbreak\\u0001\"}}");
  CHECK(json(Event{}) == "{\"time\":0}");
}

TEST_CASE("doubles keep their digits and what JSON cannot say is null") {
  const auto number = [](double value) {
    std::string out;
    append_json(value, out);
    return out;
  };
  CHECK(number(0.1) == "0.1");
  CHECK(number(1e300) == "1e+300");
  CHECK(number(std::numeric_limits<double>::infinity()) == "null");
  CHECK(number(std::numeric_limits<double>::quiet_NaN()) == "null");
}

TEST_CASE("bytes that are not UTF-8 are replaced, their neighbours kept") {
  std::string out;
  append_json(std::string_view("a\xff\xc3\xa4z\xc3"), out);
  CHECK(out == "\"a\xef\xbf\xbd\xc3\xa4z\xef\xbf\xbd\"");
}

TEST_CASE("spans of time are seconds with the decimals they need") {
  const auto seconds = [](std::int64_t nanoseconds) {
    std::string out;
    append_seconds(std::chrono::nanoseconds(nanoseconds), out);
    return out;
  };
  CHECK(seconds(1) == "0.000000001");
  CHECK(seconds(-1'500'000'000) == "-1.5");
  CHECK(seconds(2'000'000'000) == "2");
}

}  // namespace
}  // namespace tocsin::api
