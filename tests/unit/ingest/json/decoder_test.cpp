#include "ingest/json/decoder.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "src/api/json.hpp"
#include "tests/unit/ingest/json/decode_all.hpp"

namespace tocsin::json_lines::testing {
namespace {

using Attributes = std::vector<Attribute>;
using Texts = std::vector<std::string>;

Texts descriptions(const RecordingIntake& intake) {
  Texts out;
  for (const Event& event : intake.events) out.push_back(event.description);
  return out;
}

Options bodies() {
  Options options;
  options.whole_bodies = true;
  return options;
}

TEST_CASE("an object is an event") {
  const Event event = decode_one(
      R"({"time":"2026-11-21T02:51:52.5Z","level":"error","msg":"no route","host":"web-1","app":"shop","http":{"status":502,"path":"/x"},"ok":false,"ids":[1, 2],"none":null})");
  Event expected;
  expected.time = TimePoint(std::chrono::milliseconds(1795229512500));
  expected.host = "web-1";
  expected.service = "shop";
  expected.state = "critical";
  expected.description = "no route";
  expected.attributes = {{"http.path", "/x"},  {"http.status", "502"}, {"ids", "[1, 2]"},
                         {"ingest", "json"},   {"level", "error"},     {"ok", "false"},
                         {"peer", "192.0.2.7"}};
  CHECK(event == expected);
}

TEST_CASE("several lines are several events, however they end; blank ones are none") {
  const RecordingIntake intake =
      decode_all("{\"msg\":\"a\"}\r\n\n \t\r\n  {\"msg\":\"b\"}  \nplain text\n\n{\"msg\":\"c\"}");
  CHECK(descriptions(intake) == Texts{"a", "b", "plain text", "c"});
  CHECK(intake.rejects.empty());
}

TEST_CASE("a line that is no object is the text of an event") {
  for (const char* line : {"plain", " indented", "[error] a [b]", "[1,2]", "12", "\"text\"", "null",
                           "[{\"a\":1}, and more", "[]x", "}"}) {
    CAPTURE(line);
    const Event event = decode_one(line);
    CHECK(event.description == line);
    CHECK(event.time == kReceived);
    CHECK(event.host == "192.0.2.7");
    CHECK(event.service == "json");
    CHECK(event.state.empty());
    CHECK(event.attributes == Attributes{{"ingest", "json"}, {"peer", "192.0.2.7"}});
  }
}

TEST_CASE("a line that begins like an object and is none is text, and marked") {
  for (const char* line :
       {"{", "{main} started", R"({"a":1)", R"({"a":1}{"b":2})", R"({"a":1} x)"}) {
    CAPTURE(line);
    const Event event = decode_one(line);
    CHECK(event.description == line);
    CHECK(attribute(event, "malformed") == "json");
  }
}

TEST_CASE("bytes that are not UTF-8 are replaced, in text and objects") {
  CHECK(decode_one("caf\xE9").description == "caf\xEF\xBF\xBD");
  CHECK(decode_one("{\"msg\":\"caf\xE9\"}").description == "caf\xEF\xBF\xBD");
}

TEST_CASE("a byte order mark in front of a line is no part of it") {
  CHECK(decode_one("\xEF\xBB\xBF{\"msg\":\"a\"}").description == "a");
  CHECK(decode_one("\xEF\xBB\xBFplain").description == "plain");
  CHECK(decode_one("\xEF\xBB\xBF[{\"msg\":\"a\"}]", bodies()).description == "a");
}

TEST_CASE("a line that is an array of objects is an event each") {
  const RecordingIntake intake =
      decode_all("[{\"msg\":\"a\"}, {\"msg\":\"b]}\"} ]\n{\"msg\":\"c\"}\n[ ]\n[{}]\n");
  CHECK(descriptions(intake) == Texts{"a", "b]}", "c", ""});
  CHECK(intake.rejects.empty());
}

TEST_CASE("a broken object of an array does not spoil its neighbours") {
  const std::string line = R"([{"msg":"a"},{"msg":]},5,{"msg":"b"},{"msg":"c"])";
  const RecordingIntake intake = decode_all(line);
  CHECK(descriptions(intake) == Texts{"a", "b"});
  REQUIRE(intake.rejects.size() == 3);
  CHECK(intake.rejects[0].cause == RejectCause::kSyntax);
  CHECK(intake.rejects[0].record == R"({"msg":]})");
  CHECK(intake.rejects[0].text == "found another character, expected a JSON value");
  CHECK(intake.rejects[0].offset == 13);
  CHECK(intake.rejects[1].cause == RejectCause::kSyntax);
  CHECK(intake.rejects[1].record == "5,");
  CHECK(intake.rejects[2].cause == RejectCause::kTruncated);
  CHECK(intake.rejects[2].offset == line.rfind('{'));
}

TEST_CASE("on a stream an object ends with its line") {
  const RecordingIntake intake = decode_all("{\"msg\":\n\"a\"}\n[{\"msg\":\"b\"},\n");
  CHECK(descriptions(intake) == Texts{"{\"msg\":", "\"a\"}", "[{\"msg\":\"b\"},"});
}

TEST_CASE("a body may be an array or objects over several lines") {
  CHECK(descriptions(decode_all("\n[\n {\"msg\":\n\"a\"},\n {\"msg\":\"b\"}\n]\n", bodies())) ==
        Texts{"a", "b"});
  CHECK(descriptions(decode_all("{\n \"msg\": \"a\"\n}\n{\"msg\":\"b\"}", bodies())) ==
        Texts{"a", "b"});
  CHECK(decode_all("[]", bodies()).events.empty());
  CHECK(decode_all("", bodies()).events.empty());
}

TEST_CASE("a body of lines keeps what is around a broken one") {
  CHECK(descriptions(decode_all("{\"msg\":\"a\"}\n{\"msg\":\"\n{\"msg\":\"b\"}\ntext\n",
                                bodies())) == Texts{"a", "{\"msg\":\"", "b", "text"});
  CHECK(descriptions(decode_all("{\"msg\":\"\n{\"msg\":\"b\"}\n", bodies())) ==
        Texts{"{\"msg\":\"", "b"});
}

TEST_CASE("an array that is not closed loses its last object only") {
  const RecordingIntake intake = decode_all("[{\"msg\":\"a\"},{\"msg\":\"b", bodies());
  CHECK(descriptions(intake) == Texts{"a"});
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kTruncated);
  CHECK(intake.rejects[0].offset == 13);
}

TEST_CASE("what exceeds a limit is refused, its neighbours are not") {
  Options options;
  options.max_line_bytes = 20;
  options.limits.max_members = 2;
  options.limits.max_key_bytes = 8;
  const std::string body = "{\"msg\":\"a\"}\n" + std::string(21, 'x') +
                           "\n{\"a\":1,\"b\":2,\"c\":3}\n{\"long name\":1}\n" + "[{\"msg\":\"" +
                           std::string(20, 'y') + "\"},{\"msg\":\"b\"}]\n" + std::string(20, 'z') +
                           "\n";
  const RecordingIntake intake = decode_all(body, options);
  CHECK(descriptions(intake) == Texts{"a", "b", std::string(20, 'z')});
  REQUIRE(intake.rejects.size() == 4);
  for (const KeptReject& reject : intake.rejects) {
    CHECK(reject.cause == RejectCause::kOversized);
    CHECK(body.substr(reject.offset, reject.record.size()) == reject.record);
  }
}

TEST_CASE("defaults name host and service") {
  Options options;
  options.default_host = "vm";
  options.default_service = "app.log";
  const Event event = decode_one("text", options);
  CHECK(event.host == "vm");
  CHECK(event.service == "app.log");
}

Event tocsins_own() {
  Event event;
  event.time = TimePoint(std::chrono::nanoseconds(1795229828474123456));
  event.host = "web-1";
  event.service = "a \"quoted\" \n service";
  event.state = "expired";
  event.metric = std::numeric_limits<std::int64_t>::min();
  event.description =
      "gr\xC3\xB6\xC3\x9F"
      "e \x01 \\ /";
  event.tags = {"a", "b,c"};
  event.ttl = std::chrono::milliseconds(2500);
  event.attributes = {{"a.b", "x"}, {"ingest", "statsd"}, {"peer", "unix"}, {"time", "7"}};
  return event;
}

TEST_CASE("what Tocsin writes reads back as the same event") {
  Event event = tocsins_own();
  const auto check = [&event] {
    std::string line;
    api::append_json(event, line);
    CAPTURE(line);
    CHECK(decode_one(line) == event);
  };
  check();
  for (const double metric :
       {0.1, -2.5e-300, 1.7976931348623157e308, 1234567.25, 18446744073709551616.0}) {
    event.metric = metric;
    check();
  }
  event.metric = {};
  event.time = TimePoint(std::chrono::nanoseconds(-1));
  event.ttl = std::chrono::nanoseconds(1);
  check();
  event.time = TimePoint::max();
  event.ttl = {};
  event.tags.clear();
  event.host.clear();
  event.service.clear();
  event.state.clear();
  event.description.clear();
  check();
}

TEST_CASE("a full intake is offered the same record again, and none is lost or doubled") {
  const std::string body =
      "{\"msg\":\"a\"}\ntext\n[{\"msg\":\"b\"},5,{\"msg\":\"c\"},{\"msg\":\"d\"}]\n{\"msg\":\"e\"}"
      "\n";
  const RecordingIntake whole = decode_all(body);
  REQUIRE(whole.events.size() == 6);
  for (const bool as_body : {false, true}) {
    Options options;
    options.whole_bodies = as_body;
    RecordingIntake intake;
    Decoder decoder(options, intake);
    std::string_view rest = body;
    while (!rest.empty()) {
      intake.events_to_refuse = 1;
      const std::size_t refused = decoder.decode(rest, origin_of_tests());
      rest.remove_prefix(refused);
      if (rest.empty()) break;
      const std::size_t before = intake.events.size();
      // Room for one, then full again.
      rest.remove_prefix(decoder.decode(rest, origin_of_tests()));
      CHECK(intake.events.size() > before);
    }
    CHECK(intake.events == whole.events);
    CHECK(intake.rejects.size() == 1);
    CHECK(intake.dropped == 0);
  }
}

TEST_CASE("after drop() exactly the refused record is given up") {
  for (const std::string_view body :
       {"{\"msg\":\"a\"}\n{\"msg\":\"b\"}\nc\n", "a\n{\"msg\":\"b\"}\nc\n",
        "[{\"msg\":\"a\"},{\"msg\":\"b\"}]\nc\n"}) {
    RecordingIntake intake;
    Decoder decoder({}, intake);
    intake.events_to_refuse = 2;
    const std::size_t before = decoder.decode(body, origin_of_tests());
    CHECK(before <= 1);  // the bracket in front of the record
    decoder.drop();
    CHECK(decoder.decode(body.substr(before), origin_of_tests()) == body.size() - before);
    CHECK(intake.dropped == 1);
    CHECK(descriptions(intake) == Texts{"b", "c"});
  }
}

}  // namespace
}  // namespace tocsin::json_lines::testing
