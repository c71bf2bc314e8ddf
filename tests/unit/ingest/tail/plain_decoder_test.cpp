#include "ingest/tail/plain_decoder.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::tail {
namespace {

using testing::RecordingIntake;

Origin origin() {
  Origin origin;
  origin.received = TimePoint(std::chrono::seconds(5));
  return origin;
}

TEST_CASE("a record is an event that names its file") {
  RecordingIntake intake;
  PlainDecoder decoder({.service = "", .host = "web-1"}, "/var/log/app.log", intake);
  CHECK(decoder.decode("one\n  two", origin()) == 9);
  REQUIRE(intake.events.size() == 1);
  const Event& event = intake.events[0];
  CHECK(event.time == origin().received);
  CHECK(event.host == "web-1");
  CHECK(event.service == "app.log");
  CHECK(event.state.empty());
  CHECK(event.description == "one\n  two");
  CHECK(event.attributes ==
        std::vector<Attribute>{{"file", "/var/log/app.log"}, {"ingest", "tail"}});
}

TEST_CASE("a service can be given") {
  RecordingIntake intake;
  PlainDecoder decoder({.service = "orders", .host = ""}, "app.log", intake);
  CHECK(decoder.decode("x", origin()) == 1);
  CHECK(intake.events.at(0).service == "orders");
  CHECK(intake.events.at(0).host.empty());
}

TEST_CASE("bytes that are no UTF-8 are replaced") {
  RecordingIntake intake;
  PlainDecoder decoder({}, "/caf\xe9", intake);
  for (const std::string_view text : {"caf\xc3\xa9", "caf\xe9",
                                      "\xff\xfe"
                                      "a\xc3"}) {
    CHECK(decoder.decode(text, origin()) == text.size());
  }
  CHECK(intake.events.at(0).description == "caf\xc3\xa9");
  CHECK(intake.events.at(1).description == "caf\xef\xbf\xbd");
  CHECK(intake.events.at(2).description ==
        "\xef\xbf\xbd\xef\xbf\xbd"
        "a\xef\xbf\xbd");
  CHECK(intake.events.at(0).service == "caf\xef\xbf\xbd");
}

TEST_CASE("a record that a full pipeline refused is offered again, or given up") {
  RecordingIntake intake;
  PlainDecoder decoder({}, "a", intake);
  intake.events_to_refuse = 1;
  CHECK(decoder.decode("one", origin()) == 0);
  SUBCASE("again") {
    CHECK(decoder.decode("one", origin()) == 3);
    CHECK(intake.events.size() == 1);
    CHECK(intake.dropped == 0);
  }
  SUBCASE("given up") {
    decoder.drop();
    intake.events_to_refuse = 2;
    CHECK(decoder.decode("one", origin()) == 3);
    CHECK(intake.dropped == 1);
    CHECK(decoder.decode("two", origin()) == 0);
  }
}

}  // namespace
}  // namespace tocsin::tail
