#include "ingest/nagios/passive_decoder.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/ingest/nagios/results.hpp"

namespace tocsin::nagios::testing {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

RecordingIntake decode(std::string_view bytes, const Options& options = {}) {
  RecordingIntake intake;
  PassiveDecoder decoder(options, intake);
  CHECK(decoder.decode(bytes, received_from_192_0_2_7()) == bytes.size());
  CHECK(decoder.flush());
  return intake;
}

TEST_CASE("a service result is an event of its state and one for each label") {
  const RecordingIntake intake = decode(
      "[1795229001] PROCESS_SERVICE_CHECK_RESULT;web-01;HTTP;1;HTTP slow|time=0.120s;1;5;0 "
      "size=512B\n");
  CHECK(intake.rejects.empty());
  REQUIRE(intake.events.size() == 3);
  const Event& state = intake.events[0];
  CHECK(state.time == TimePoint(seconds(1'795'229'001)));
  CHECK(state.host == "web-01");
  CHECK(state.service == "HTTP");
  CHECK(state.state == "warning");
  CHECK(state.metric.index() == 0);
  CHECK(state.description == "HTTP slow");
  CHECK(state.ttl == minutes(10));
  CHECK(attribute(state, "ingest") == "nagios");
  CHECK(attribute(state, "peer") == "192.0.2.7");
  CHECK(attribute(state, "exit_code") == "1");

  const Event& time = intake.events[1];
  CHECK(time.time == state.time);
  CHECK(time.host == "web-01");
  CHECK(time.service == "HTTP/time");
  CHECK(time.state.empty());
  CHECK(time.metric == Metric(0.12));
  CHECK(time.ttl == minutes(10));
  CHECK(attribute(time, "uom") == "s");
  CHECK(attribute(time, "warn") == "1");
  CHECK(attribute(time, "crit") == "5");
  CHECK(attribute(time, "min") == "0");
  CHECK(attribute(time, "max") == "(none)");
  CHECK(intake.events[2].service == "HTTP/size");
}

TEST_CASE("a host result has the service of the options") {
  Options options;
  options.host_service = "ping";
  options.check_interval.reset();
  const RecordingIntake intake =
      decode("PROCESS_HOST_CHECK_RESULT;web-01;1;no answer|rta=U\r\n", options);
  REQUIRE(intake.events.size() == 2);
  CHECK(intake.events[0].service == "ping");
  CHECK(intake.events[0].state == "critical");
  CHECK(intake.events[0].description == "no answer");
  CHECK(intake.events[0].time == kReceived);
  CHECK_FALSE(intake.events[0].ttl.has_value());
  CHECK(intake.events[1].service == "ping/rta");
  CHECK(intake.events[1].metric.index() == 0);
  CHECK(attribute(intake.events[1], "value") == "U");
}

TEST_CASE("escapes in the output make lines, and with them a long text and more perfdata") {
  const RecordingIntake intake =
      decode(R"([1] PROCESS_SERVICE_CHECK_RESULT;h;Disk;0;OK; really|a=1\nC:\\data|b=2\nc=3)"
             "\n");
  REQUIRE(intake.events.size() == 4);
  CHECK(intake.events[0].description == "OK; really");
  CHECK(attribute(intake.events[0], "long_output") == R"(C:\data)");
  CHECK(intake.events[1].service == "Disk/a");
  CHECK(intake.events[2].service == "Disk/b");
  CHECK(intake.events[3].service == "Disk/c");
}

TEST_CASE("an exit code above 3 is what the options say") {
  const std::string_view line = "PROCESS_SERVICE_CHECK_RESULT;h;c;127";
  CHECK(decode(line).events.at(0).state == "unknown");
  Options options;
  options.failure_state = state::kCritical;
  const RecordingIntake intake = decode(line, options);
  CHECK(intake.events.at(0).state == "critical");
  CHECK(attribute(intake.events.at(0), "exit_code") == "127");
  CHECK(intake.events.at(0).description.empty());
}

TEST_CASE("a bad line is refused with cause and place, and its neighbours are kept") {
  struct Case {
    std::string line;
    RejectCause cause;
    std::size_t offset;  // in the line
  };
  const Case cases[] = {
      {"hello", RejectCause::kSyntax, 0},
      {"[5] hello", RejectCause::kSyntax, 4},
      {"[5] ", RejectCause::kSyntax, 4},
      {"[x] PROCESS_HOST_CHECK_RESULT;h;0;", RejectCause::kTimestamp, 0},
      {"[5 PROCESS_HOST_CHECK_RESULT;h;0;", RejectCause::kTimestamp, 0},
      {"[9999999999999] PROCESS_HOST_CHECK_RESULT;h;0;", RejectCause::kTimestamp, 0},
      {"[5] ACKNOWLEDGE_HOST_PROBLEM;h;1", RejectCause::kUnsupported, 4},
      {"PROCESS_HOST_CHECK_RESULT", RejectCause::kName, 25},
      {"PROCESS_HOST_CHECK_RESULT;;0;x", RejectCause::kName, 26},
      {"PROCESS_SERVICE_CHECK_RESULT;h;;0;x", RejectCause::kName, 31},
      {"PROCESS_HOST_CHECK_RESULT;h", RejectCause::kValue, 27},
      {"PROCESS_HOST_CHECK_RESULT;h;up;x", RejectCause::kValue, 28},
      {"PROCESS_HOST_CHECK_RESULT;h;256;x", RejectCause::kValue, 28},
      {"PROCESS_HOST_CHECK_RESULT;h;-1;x", RejectCause::kValue, 28},
      {"PROCESS_HOST_CHECK_RESULT;" + std::string(200, 'h') + ";0;x", RejectCause::kOversized, 0},
  };
  const std::string good = "PROCESS_HOST_CHECK_RESULT;good;0;\n";
  Options options;
  options.max_line_bytes = 200;
  for (const Case& c : cases) {
    CAPTURE(c.line);
    const RecordingIntake intake = decode(good + c.line + "\n" + good, options);
    REQUIRE(intake.rejects.size() == 1);
    CHECK(intake.rejects[0].cause == c.cause);
    CHECK(intake.rejects[0].offset == good.size() + c.offset);
    CHECK(intake.rejects[0].record == c.line);
    CHECK(!intake.rejects[0].text.empty());
    CHECK(intake.events.size() == 2);
  }
}

TEST_CASE("bad perfdata is refused at its place in what was received, also behind escapes") {
  const std::string first = "\n \r\n";
  const std::string line =
      R"([5] PROCESS_SERVICE_CHECK_RESULT;h;c;0;a\\b\nlong|good=1 bad=x good=2)";
  const RecordingIntake intake = decode(first + line);
  CHECK(intake.events.size() == 3);
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kValue);
  CHECK(intake.rejects[0].record == "bad=x");
  CHECK(intake.rejects[0].offset == first.size() + line.find("=x") + 1);
}

TEST_CASE("a full intake gets the rest of the line later, and nothing twice") {
  const std::string bytes =
      "PROCESS_SERVICE_CHECK_RESULT;h;c;0;ok|a=1 bad b=2 c=3\n"
      "PROCESS_HOST_CHECK_RESULT;h;0;ok\n";
  const RecordingIntake whole = decode(bytes);
  REQUIRE(whole.events.size() == 5);
  for (std::size_t takes = 0; takes < 5; ++takes) {
    CAPTURE(takes);
    // Takes `takes` events, then is full until asked again.
    struct Limited final : Intake {
      RecordingIntake kept;
      std::size_t room = 0;
      std::size_t samples(std::span<const RawSample>, const IdentityResolver&) override {
        return 0;
      }
      bool event(const EventView& event) override {
        if (room == 0) return false;
        --room;
        return kept.event(event);
      }
      void drop(std::size_t records) override { kept.drop(records); }
      void reject(RejectCause cause, std::string_view record, std::size_t offset,
                  std::string_view text) override {
        kept.reject(cause, record, offset, text);
      }
    } intake;
    intake.room = takes;
    PassiveDecoder decoder({}, intake);
    std::string_view rest = bytes;
    rest.remove_prefix(decoder.decode(rest, received_from_192_0_2_7()));
    REQUIRE(!rest.empty());
    CHECK(rest.size() == (takes < 4 ? bytes.size() : bytes.size() - bytes.find('\n') - 1));
    CHECK(decoder.decode(rest, received_from_192_0_2_7()) == 0);
    intake.room = 10;
    CHECK(decoder.decode(rest, received_from_192_0_2_7()) == rest.size());
    CHECK(intake.kept.events == whole.events);
    CHECK(intake.kept.rejects.size() == 1);
    CHECK(intake.kept.dropped == 0);
  }
}

TEST_CASE("after drop() the refused line is given up, each of its events counted, and no other") {
  const std::string first = "PROCESS_SERVICE_CHECK_RESULT;h;c;0;ok|a=1 bad b=2\n";
  const std::string bytes = first + first;
  RecordingIntake intake;
  intake.events_to_refuse = 4;
  PassiveDecoder decoder({}, intake);
  CHECK(decoder.decode(bytes, received_from_192_0_2_7()) == 0);
  decoder.drop();
  CHECK(decoder.decode(bytes, received_from_192_0_2_7()) == bytes.size());
  CHECK(intake.dropped == 3);
  CHECK(intake.events.size() == 3);
  CHECK(intake.rejects.size() == 2);
  intake.events_to_refuse = 1;
  CHECK(decoder.decode(first, received_from_192_0_2_7()) == 0);
  CHECK(intake.dropped == 3);
}

TEST_CASE("a drop() when nothing waits gives up nothing") {
  RecordingIntake intake;
  PassiveDecoder decoder({}, intake);
  decoder.drop();
  intake.events_to_refuse = 1;
  CHECK(decoder.decode("PROCESS_HOST_CHECK_RESULT;h;0;", received_from_192_0_2_7()) == 0);
  CHECK(intake.dropped == 0);
}

}  // namespace
}  // namespace tocsin::nagios::testing
