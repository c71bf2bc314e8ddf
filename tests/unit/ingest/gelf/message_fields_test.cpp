#include "ingest/gelf/message_fields.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/ingest/gelf/decode_all.hpp"

namespace tocsin::gelf::testing {
namespace {

using Attributes = std::vector<Attribute>;

// The event of a message, without what the writer adds; an empty one when it has no text.
Event read(std::string_view message, std::optional<std::uint8_t> default_level = 1) {
  json_lines::ObjectReader reader({}, {});
  REQUIRE(reader.read(message) == json_lines::ObjectReader::Status::kObject);
  RecordingIntake intake;
  json_lines::EventWriter writer({"", "", ""}, intake);
  EventView event;
  event.time = kReceived;
  if (!MessageFields(default_level).fill(reader.fields(), event, writer)) return {};
  REQUIRE(writer.write_unchanged(event));
  return intake.events.at(0);
}

TEST_CASE("the members of the specification are the event") {
  const Event event = read(
      R"({"version":"1.1","host":"web-1","short_message":"boom","full_message":"boom\n at x","timestamp":1795229828.474,"level":4,"_facility":"billing","_user_id":7,"_latency":0.25})");
  Event expected;
  expected.time = TimePoint(std::chrono::milliseconds(1795229828474));
  expected.host = "web-1";
  expected.service = "billing";
  expected.state = "warning";
  expected.description = "boom";
  expected.attributes = {
      {"full_message", "boom\n at x"}, {"latency", "0.25"}, {"level", "4"}, {"user_id", "7"}};
  CHECK(event == expected);
}

TEST_CASE("the level is syslog's severity, as number or text") {
  const std::string_view states[] = {"critical", "critical", "critical", "critical",
                                     "warning",  "ok",       "ok",       "ok"};
  for (int level = 0; level < 8; ++level) {
    const std::string number = std::to_string(level);
    CHECK(read(R"({"short_message":"x","level":)" + number + "}").state == states[level]);
    CHECK(read(R"({"short_message":"x","level":")" + number + "\"}").state == states[level]);
  }
}

TEST_CASE("a level that is none leaves the state open, and is kept") {
  const Event event = read(R"({"short_message":"x","level":9})");
  CHECK(event.state.empty());
  CHECK(event.attributes == Attributes{{"level", "9"}});
}

TEST_CASE("without a level it is alert, or what was set") {
  CHECK(read(R"({"short_message":"x"})").state == "critical");
  CHECK(read(R"({"short_message":"x"})", 6).state == "ok");
  CHECK(read(R"({"short_message":"x"})", std::nullopt).state.empty());
  CHECK(read(R"({"short_message":"x"})").attributes.empty());
}

TEST_CASE("the facility comes with or without its underscore; the other one is kept") {
  CHECK(read(R"({"short_message":"x","facility":"a"})").service == "a");
  CHECK(read(R"({"short_message":"x","_facility":"a"})").service == "a");
  const Event both = read(R"({"short_message":"x","_facility":"b","facility":"a"})");
  CHECK(both.service == "a");
  CHECK(both.attributes == Attributes{{"facility", "b"}});
  CHECK(read(R"({"short_message":"x","_facility":"b","facility":""})").service == "b");
}

TEST_CASE("a time that is none is kept as an attribute, and the time is that of arrival") {
  const Event event = read(R"({"short_message":"x","timestamp":"yesterday"})");
  CHECK(event.time == kReceived);
  CHECK(event.attributes == Attributes{{"timestamp", "yesterday"}});
  CHECK(read(R"({"short_message":"x","timestamp":"1795229828.5"})").time ==
        TimePoint(std::chrono::milliseconds(1795229828500)));
}

TEST_CASE("extras lose one underscore, and need none; objects get dots, arrays stay JSON") {
  CHECK(read(R"({"short_message":"x","_a":1,"b":true,"__c":"d","_":"e","_o":{"_p":1},"_l":[1, 2]})")
            .attributes ==
        Attributes{
            {"_", "e"}, {"_c", "d"}, {"a", "1"}, {"b", "true"}, {"l", "[1, 2]"}, {"o._p", "1"}});
}

TEST_CASE("an extra does not stand against a member of the same name") {
  CHECK(read(R"({"short_message":"x","level":6,"_level":0})").attributes ==
        Attributes{{"level", "6"}});
}

TEST_CASE("of members that are spelled alike the last counts") {
  CHECK(read(R"({"short_message":"a","short_message":"b"})").description == "b");
}

TEST_CASE("without a short message there may be another text") {
  CHECK(read(R"({"message":"m","full_message":"f"})").description == "m");
  const Event event = read(R"({"short_message":"","full_message":"f"})");
  CHECK(event.description == "f");
  CHECK(event.attributes == Attributes{{"short_message", ""}});
  CHECK(read(R"({"host":"h","short_message":["a"]})") == Event{});
  CHECK(read("{}") == Event{});
}

}  // namespace
}  // namespace tocsin::gelf::testing
