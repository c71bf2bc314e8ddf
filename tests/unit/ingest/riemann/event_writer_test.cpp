#include "ingest/riemann/event_writer.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "tests/unit/ingest/riemann/messages.hpp"
#include "tocsin/event_viewer.hpp"

namespace tocsin::riemann::testing {
namespace {

using std::chrono::microseconds;

std::string written(const Event& event) {
  EventViewer viewer;
  std::string msg;
  append_event(viewer.view(event), msg);
  return msg;
}

Event full_event() {
  Event event;
  event.time = TimePoint(microseconds(1'700'000'000'123'456));
  event.host = "web-1";
  event.service =
      "gr\xC3\xB6\xC3\x9F"
      "e";
  event.state = "critical";
  event.metric = 0.1;
  event.description = std::string(300, 'd');  // its length shows in two bytes
  event.tags = {"eu", "prod"};
  event.ttl = std::chrono::milliseconds(12500);
  event.attributes = {{"empty", ""}, {"ingest", "riemann"}, {"rack", "r4"}};
  return event;
}

TEST_CASE("an event is written byte for byte as clients do") {
  Event event;
  event.time = TimePoint(std::chrono::seconds(150));
  event.service = "http req/s";
  event.host = "web-01";
  event.attributes = {{"x-client", "riemann-c-client"}};
  event.metric = std::int64_t{42};
  const std::string expected = event_of(number(1, 150) +
                                        "\x1a\x0ahttp req/s\"\x06web-01"
                                        "J\x1c\x0a\x08x-client\x12\x10riemann-c-client" +
                                        number(10, 150'000'000) + "hT");
  CHECK(written(event) == expected);
}

TEST_CASE("what is written is read again") {
  Event event = full_event();
  SUBCASE("all fields") {}
  SUBCASE("the largest integer") {
    event.metric = std::int64_t{INT64_MAX};
  }
  SUBCASE("the smallest integer") {
    event.metric = std::int64_t{INT64_MIN};
  }
  SUBCASE("minus one") {
    event.metric = std::int64_t{-1};
  }
  SUBCASE("an infinity") {
    event.metric = -std::numeric_limits<double>::infinity();
  }
  SUBCASE("no metric, no ttl, no tags") {
    event.metric = {};
    event.ttl.reset();
    event.tags.clear();
  }
  SUBCASE("the first microsecond") {
    event.time = TimePoint(microseconds(1));
  }
  SUBCASE("the last microsecond") {
    event.time = TimePoint(microseconds(9'223'372'036'854'775));
    event.ttl.reset();
  }
  SUBCASE("almost nothing") {
    event = {};
    event.attributes = {{"ingest", "riemann"}};
  }
  const RecordingIntake intake = decode_all(written(event));
  REQUIRE(intake.events.size() == 1);
  CHECK(intake.events[0] == event);
}

TEST_CASE("NaN is read again") {
  Event event = full_event();
  event.metric = std::nan("");
  const RecordingIntake intake = decode_all(written(event));
  REQUIRE(intake.events.size() == 1);
  CHECK(std::isnan(std::get<double>(intake.events[0].metric)));
}

TEST_CASE("time below a microsecond is cut off") {
  Event event;
  event.time = TimePoint(std::chrono::nanoseconds(1'999));
  CHECK(decode_all(written(event)).events.at(0).time == TimePoint(microseconds(1)));
}

TEST_CASE("a time before 1970 is written in seconds and microseconds that agree") {
  Event event;
  event.time = TimePoint(std::chrono::nanoseconds(-1));
  CHECK(written(event) == event_of(number(1, static_cast<std::uint64_t>(-1)) +
                                   number(10, static_cast<std::uint64_t>(-1))));
}

TEST_CASE("pieces one after the other are one message") {
  const std::string msg = written(full_event()) + written({}) + written(full_event());
  const RecordingIntake intake = decode_all(msg);
  REQUIRE(intake.events.size() == 3);
  CHECK(intake.events[0] == full_event());
  CHECK(intake.events[2] == full_event());
}

TEST_CASE("a frame is a big-endian length and the message") {
  std::string out = "before";
  append_frame(std::string(0x0102, 'x'), out);
  CHECK(out == "before" + std::string("\x00\x00\x01\x02", 4) + std::string(0x0102, 'x'));
}

}  // namespace
}  // namespace tocsin::riemann::testing
