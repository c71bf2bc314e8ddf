#include "ingest/json/event_writer.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "tests/unit/ingest/json/decode_all.hpp"

namespace tocsin::json_lines::testing {
namespace {

using Attributes = std::vector<Attribute>;

TEST_CASE("an event gets the protocol, the peer, a host and a service") {
  RecordingIntake intake;
  EventWriter writer({"json", "", "json"}, intake);
  writer.add("k", "v");
  REQUIRE(writer.write({}, origin_of_tests()));
  const Event& event = intake.events.at(0);
  CHECK(event.host == "192.0.2.7");
  CHECK(event.service == "json");
  CHECK(event.attributes == Attributes{{"ingest", "json"}, {"k", "v"}, {"peer", "192.0.2.7"}});
}

TEST_CASE("what is said stands against the defaults, but not against protocol and peer") {
  RecordingIntake intake;
  EventWriter writer({"json", "from-settings", "json"}, intake);
  EventView event;
  REQUIRE(writer.write(event, origin_of_tests()));
  event.host = "web-1";
  event.service = "shop";
  writer.clear();
  writer.add("ingest", "made up");
  writer.add("peer", "made up");
  REQUIRE(writer.write(event, origin_of_tests()));
  CHECK(intake.events.at(0).host == "from-settings");
  CHECK(intake.events.at(1).host == "web-1");
  CHECK(intake.events.at(1).service == "shop");
  CHECK(intake.events.at(1).attributes == Attributes{{"ingest", "json"}, {"peer", "192.0.2.7"}});
}

TEST_CASE("without a peer there is no attribute of it") {
  RecordingIntake intake;
  EventWriter writer({"json", "", "json"}, intake);
  REQUIRE(writer.write({}, Origin{}));
  CHECK(intake.events.at(0).host.empty());
  CHECK(intake.events.at(0).attributes == Attributes{{"ingest", "json"}});
}

TEST_CASE("an event is written unchanged when asked") {
  RecordingIntake intake;
  EventWriter writer({"json", "h", "json"}, intake);
  writer.add("ingest", "statsd");
  REQUIRE(writer.write_unchanged({}));
  CHECK(intake.events.at(0).host.empty());
  CHECK(intake.events.at(0).attributes == Attributes{{"ingest", "statsd"}});
}

TEST_CASE("only after drop() is a refused event given up, and only the next one") {
  RecordingIntake intake;
  EventWriter writer({"json", "", "json"}, intake);
  writer.drop();  // nothing waits
  intake.events_to_refuse = 3;
  CHECK(!writer.write({}, Origin{}));
  CHECK(!writer.write({}, Origin{}));
  CHECK(intake.dropped == 0);
  writer.drop();
  CHECK(writer.write({}, Origin{}));
  CHECK(intake.dropped == 1);
  CHECK(intake.events.empty());
  intake.events_to_refuse = 1;
  CHECK(!writer.write({}, Origin{}));
  writer.drop();
  CHECK(writer.write({}, Origin{}));  // there was room again
  CHECK(intake.events.size() == 1);
  intake.events_to_refuse = 1;
  CHECK(!writer.write({}, Origin{}));
  CHECK(intake.dropped == 1);
}

}  // namespace
}  // namespace tocsin::json_lines::testing
