#include "ingest/json/event_fields.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "src/event/rfc3339.hpp"
#include "tests/unit/ingest/json/decode_all.hpp"

namespace tocsin::json_lines::testing {
namespace {

using Attributes = std::vector<Attribute>;

// The event of an object, without what the writer adds.
Event read(std::string_view object) {
  ObjectReader reader({}, EventFields::kNames);
  REQUIRE(reader.read(object) == ObjectReader::Status::kObject);
  RecordingIntake intake;
  EventWriter writer({"", "", ""}, intake);
  EventFields fields;
  EventView event;
  event.time = kReceived;
  event.tags = reader.list();
  fields.fill(reader.fields(), event, writer);
  REQUIRE(writer.write_unchanged(event));
  return intake.events.at(0);
}

TEST_CASE("each name of a role is read, in lower and upper case") {
  const TimePoint time(std::chrono::seconds(7));
  for (const char* name : {"time", "ts", "timestamp", "@timestamp", "Timestamp", "TS"}) {
    CAPTURE(name);
    const Event event = read(std::string("{\"") + name + "\":7}");
    CHECK(event.time == time);
    CHECK(event.attributes.empty());
  }
  for (const char* name : {"message", "msg", "MESSAGE", "short_message", "description"}) {
    CHECK(read(std::string("{\"") + name + "\":\"x\"}").description == "x");
  }
  for (const char* name : {"host", "hostname", "HOST", "host.name"}) {
    CHECK(read(std::string("{\"") + name + "\":\"x\"}").host == "x");
  }
  for (const char* name : {"service", "app", "program", "PROGRAM", "logger", "service.name"}) {
    CHECK(read(std::string("{\"") + name + "\":\"x\"}").service == "x");
  }
  for (const char* name : {"level", "severity", "lvl", "Level", "log.level", "PRIORITY"}) {
    const Event event = read(std::string("{\"") + name + "\":\"warn\"}");
    CHECK(event.state == "warning");
    CHECK(event.attributes == Attributes{{name, "warn"}});
  }
  for (const char* name : {"metric", "value", "Value"}) {
    CHECK(read(std::string("{\"") + name + "\":7}").metric == Metric(std::int64_t{7}));
  }
}

TEST_CASE("nested names of the Elastic Common Schema count too") {
  const Event event = read(
      R"({"@timestamp":"2026-11-21T02:51:52Z","log":{"level":"error"},"host":{"name":"h","os":"x"},"service":{"name":"s"},"message":"m"})");
  CHECK(event::rfc3339(event.time) == "2026-11-21T02:51:52Z");
  CHECK(event.state == "critical");
  CHECK(event.host == "h");
  CHECK(event.service == "s");
  CHECK(event.attributes == Attributes{{"host.os", "x"}, {"log.level", "error"}});
}

TEST_CASE("of several names the first of the list counts, wherever it stands; others are kept") {
  const Event event = read(
      R"({"msg":"second","message":"first","hostname":"b","host":"a","logger":"d","app":"c","ts":8,"time":7,"value":2,"metric":1})");
  CHECK(event.description == "first");
  CHECK(event.host == "a");
  CHECK(event.service == "c");
  CHECK(event.time == TimePoint(std::chrono::seconds(7)));
  CHECK(event.metric == Metric(std::int64_t{1}));
  CHECK(event.attributes ==
        Attributes{
            {"hostname", "b"}, {"logger", "d"}, {"msg", "second"}, {"ts", "8"}, {"value", "2"}});
}

TEST_CASE("what cannot be used is an attribute, and the next name counts") {
  const Event event = read(
      R"({"time":"soon","ts":7,"metric":"cpu.load","value":0.5,"message":["a"],"msg":"m","host":"","hostname":"h","ttl":"long","state":3,"level":"loud"})");
  CHECK(event.time == TimePoint(std::chrono::seconds(7)));
  CHECK(event.metric == Metric(0.5));
  CHECK(event.description == "m");
  CHECK(event.host == "h");
  CHECK(!event.ttl);
  CHECK(event.state.empty());
  CHECK(event.attributes == Attributes{{"host", ""},
                                       {"level", "loud"},
                                       {"message", "[\"a\"]"},
                                       {"metric", "cpu.load"},
                                       {"state", "3"},
                                       {"time", "soon"},
                                       {"ttl", "long"}});
}

TEST_CASE("without a time there is that of arrival") {
  CHECK(read("{}").time == kReceived);
}

TEST_CASE("the state stands against the level") {
  const Event event = read(R"({"level":"error","state":"running"})");
  CHECK(event.state == "running");
  CHECK(event.attributes == Attributes{{"level", "error"}});
}

TEST_CASE("of two levels the first that is known counts, and both are kept") {
  const Event event = read(R"({"severity":4,"level":"custom"})");
  CHECK(event.state == "warning");
  CHECK(event.attributes == Attributes{{"level", "custom"}, {"severity", "4"}});
}

TEST_CASE("a priority in lower case is an attribute only") {
  const Event event = read(R"({"priority":1,"Priority":2})");
  CHECK(event.state.empty());
  CHECK(event.attributes == Attributes{{"Priority", "2"}, {"priority", "1"}});
}

TEST_CASE("of members that are spelled alike the last counts, even if it is of no use") {
  CHECK(read(R"({"msg":"a","msg":"b"})").description == "b");
  CHECK(read(R"({"k":"a","k":"b"})").attributes == Attributes{{"k", "b"}});
  const Event event = read(R"({"ts":7,"ts":"soon"})");
  CHECK(event.time == kReceived);
  CHECK(event.attributes == Attributes{{"ts", "soon"}});
}

TEST_CASE("members that differ in case are two") {
  const Event event = read(R"({"host":"a","HOST":"b"})");
  CHECK(event.host == "b");
  CHECK(event.attributes == Attributes{{"host", "a"}});
}

TEST_CASE("integers stay integers, and those beyond 64 bits are kept exactly besides") {
  CHECK(read(R"({"metric":9223372036854775807})").metric ==
        Metric(std::numeric_limits<std::int64_t>::max()));
  const Event event = read(R"({"metric":18446744073709551615})");
  CHECK(event.metric == Metric(18446744073709551615.0));
  CHECK(event.attributes == Attributes{{"metric", "18446744073709551615"}});
}

TEST_CASE("members of `attributes` are attributes, whatever their names are") {
  const Event event = read(R"({"attributes":{"time":"x","host":"y","n":{"m":1}},"host":"h"})");
  CHECK(event.time == kReceived);
  CHECK(event.host == "h");
  CHECK(event.attributes == Attributes{{"host", "y"}, {"n.m", "1"}, {"time", "x"}});
}

TEST_CASE("tags that are texts are tags; others are an attribute") {
  CHECK(read(R"({"tags":["b","a","b"]})").tags == std::vector<std::string>{"a", "b"});
  CHECK(read(R"({"tags":"a,b"})").attributes == Attributes{{"tags", "a,b"}});
  CHECK(read(R"({"tags":["a",1]})").attributes == Attributes{{"tags", "[\"a\",1]"}});
}

TEST_CASE("a ttl is seconds") {
  CHECK(read(R"({"ttl":60})").ttl == std::chrono::seconds(60));
  CHECK(read(R"({"ttl":0.25})").ttl == std::chrono::milliseconds(250));
  CHECK(!read(R"({"ttl":1e30})").ttl);
  CHECK(!read(R"({"ttl":-1})").ttl);
}

TEST_CASE("only an input that `attributes` names makes an object a relayed one") {
  RecordingIntake intake;
  EventWriter writer({"", "", ""}, intake);
  EventFields fields;
  ObjectReader reader({}, EventFields::kNames);
  const auto is_relayed = [&](std::string_view object) {
    REQUIRE(reader.read(object) == ObjectReader::Status::kObject);
    EventView event;
    fields.fill(reader.fields(), event, writer);
    return fields.is_relayed();
  };
  CHECK(is_relayed(R"({"attributes":{"ingest":"statsd"}})"));
  CHECK(!is_relayed(R"({"ingest":"statsd","attributes":{"peer":"x"}})"));
}

}  // namespace
}  // namespace tocsin::json_lines::testing
