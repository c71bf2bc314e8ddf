#include "ingest/graphite/line_decoder.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>

#include "tests/unit/ingest/graphite/decode_all.hpp"

namespace tocsin::graphite::testing {
namespace {

constexpr TimePoint kTime{std::chrono::seconds(1'795'229'000)};

Event only_event(std::string_view lines) {
  const RecordingIntake intake = decode_lines(lines);
  REQUIRE(intake.rejects.empty());
  REQUIRE(intake.events.size() == 1);
  return intake.events.front();
}

KeptReject only_reject(std::string_view lines, const Options& options = {}) {
  const RecordingIntake intake = decode_lines(lines, options);
  CHECK(intake.events.empty());
  REQUIRE(intake.rejects.size() == 1);
  return intake.rejects.front();
}

TEST_CASE("a line is a name, a value and a time") {
  const Event event = only_event("servers.web-01.cpu.user 12.5 1795229000\n");
  CHECK(event.service == "servers.web-01.cpu.user");
  CHECK(event.metric == Metric(12.5));
  CHECK(event.time == kTime);
  CHECK(attribute(event, "ingest") == "graphite");
}

TEST_CASE("the last line may lack its LF") {
  CHECK(only_event("a 1 1795229000").time == kTime);
  CHECK(services_of(decode_lines("a 1 1795229000\nb 2 1795229000")) ==
        std::vector<std::string>{"a", "b"});
}

TEST_CASE("values are integers, floats and infinities") {
  CHECK(only_event("a 42 1795229000").metric == Metric(std::int64_t{42}));
  CHECK(only_event("a -0.5 1795229000").metric == Metric(-0.5));
  CHECK(only_event("a 1e12 1795229000").metric == Metric(1e12));
  CHECK(only_event("a 1_000 1795229000").metric == Metric(std::int64_t{1000}));
  CHECK(only_event("a inf 1795229000").metric == Metric(std::numeric_limits<double>::infinity()));
  CHECK(only_event("a 32.38327648331624123 1795229000").metric == Metric(32.38327648331624123));
}

TEST_CASE("blanks around the words do not matter, nor does a CR") {
  for (const char* line : {"  a   1   1795229000  \n", "a\t1\t1795229000\n", "a 1 1795229000\r\n",
                           "a 1 1795229000 \n", "\va\f1 1795229000", "a  1 1795229000"}) {
    CAPTURE(line);
    const Event event = only_event(line);
    CHECK(event.service == "a");
    CHECK(event.time == kTime);
  }
}

TEST_CASE("lines without a word are skipped and not counted") {
  const RecordingIntake intake = decode_lines("\n \n\r\n\t\na 1 1795229000\n\n");
  CHECK(intake.events.size() == 1);
  CHECK(intake.rejects.empty());
}

TEST_CASE("-1 is the time of arrival") {
  CHECK(only_event("a 1 -1\n").time == kReceived);
  CHECK(only_event("a 1 -1.0\n").time == kReceived);
}

TEST_CASE("times may have decimals and need not have ten digits") {
  CHECK(only_event("a 1 1795229000.75").time == kTime + std::chrono::milliseconds(750));
  CHECK(only_event("a 1 5").time == TimePoint(std::chrono::seconds(5)));
  CHECK(only_event("a 1 01795229000").time == kTime);
}

TEST_CASE("tags in both forms become attributes") {
  for (const char* line :
       {"disk;host=web;mount=/var 1 1795229000", R"(disk{host="web",mount="/var"} 1 1795229000)"}) {
    CAPTURE(line);
    const Event event = only_event(line);
    CHECK(event.service == "disk");
    CHECK(event.host == "web");
    CHECK(attribute(event, "mount") == "/var");
  }
}

TEST_CASE("a line of another number of words is refused") {
  for (const char* line : {"a", "a 1", "a 1 1795229000 4", "bad line here now", "a 1 2 3 4 5"}) {
    CAPTURE(line);
    const KeptReject reject = only_reject(line);
    CHECK(reject.cause == RejectCause::kSyntax);
    CHECK(reject.record == line);
  }
}

TEST_CASE("values that are not numbers are refused, and NaN") {
  for (const char* value : {"x", "0x10", "1,5", "nan", "NaN", "-nan", "1__0"}) {
    CAPTURE(value);
    const KeptReject reject = only_reject("abc " + std::string(value) + " 1795229000\n");
    CHECK(reject.cause == RejectCause::kValue);
    CHECK(reject.offset == 4);
  }
}

TEST_CASE("times that are none are refused") {
  for (const char* time :
       {"now", "-2", "9223372036", "1795229000000", "nan", "inf", "17952290x0"}) {
    CAPTURE(time);
    const KeptReject reject = only_reject("abc 1 " + std::string(time) + "\n");
    CHECK(reject.cause == RejectCause::kTimestamp);
    CHECK(reject.offset == 6);
  }
}

TEST_CASE("names that are refused say where, counted from the front of all bytes") {
  const RecordingIntake intake = decode_lines("a 1 1795229000\nb;k 2 1795229000\nc 3 1795229000\n");
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kTags);
  CHECK(intake.rejects[0].offset == 15 + 2);
  CHECK(intake.rejects[0].record == "b;k 2 1795229000");
  CHECK(services_of(intake) == std::vector<std::string>{"a", "c"});
}

TEST_CASE("a bad line does not spoil its neighbours") {
  const RecordingIntake intake =
      decode_lines("a 1 1795229000\nshort 1\nb 2 1795229000\nx nan 1\nc 3 1795229000\n");
  CHECK(services_of(intake) == std::vector<std::string>{"a", "b", "c"});
  CHECK(causes_of(intake) == std::vector<RejectCause>{RejectCause::kSyntax, RejectCause::kValue});
  CHECK(intake.rejects[0].offset == 15);
  CHECK(intake.rejects[1].offset == 15 + 8 + 15 + 2);
}

TEST_CASE("lines and names beyond their limits are refused") {
  Options options;
  options.max_line_bytes = 30;
  CHECK(decode_lines("1234567890123456 1 1795229000", options).events.size() == 1);
  CHECK(decode_lines("12345678901234567 1 1795229000\n", options).events.size() == 1);
  CHECK(only_reject("123456789012345678 1 1795229000\n", options).cause == RejectCause::kOversized);
  CHECK(only_reject("1234567890123456789   1   1795229000\n", options).cause ==
        RejectCause::kOversized);
  options.max_name_bytes = 5;
  CHECK(only_reject("123456 1 1795229000\n", options).cause == RejectCause::kOversized);
}

TEST_CASE("NUL and other bytes below a space are part of a word") {
  const Event event = only_event(std::string_view("a\0b 1 1795229000\n", 17));
  CHECK(event.service == std::string_view("a\0b", 3));
}

TEST_CASE("a full intake gets the same line again") {
  RecordingIntake intake;
  LineDecoder decoder({}, intake);
  const std::string_view lines = "a 1 1795229000\nb 2 1795229000\nc 3 1795229000\n";
  intake.events_to_refuse = 1;
  CHECK(decoder.decode(lines, received()) == 0);
  CHECK(intake.events.empty());
  CHECK(decoder.decode(lines, received()) == lines.size());
  CHECK(services_of(intake) == std::vector<std::string>{"a", "b", "c"});
  CHECK(intake.dropped == 0);
}

TEST_CASE("decode stops in front of the line that was not taken") {
  RecordingIntake intake;
  LineDecoder decoder({}, intake);
  const std::string_view lines = "a 1 1795229000\nb;k=v 2 1795229000\nc 3 1795229000\n";
  const std::string_view first = lines.substr(0, 15);
  CHECK(decoder.decode(first, received()) == first.size());
  intake.events_to_refuse = 1;
  CHECK(decoder.decode(lines.substr(15), received()) == 0);
  CHECK(decoder.decode(lines.substr(15), received()) == lines.size() - 15);
  CHECK(services_of(intake) == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("after drop exactly the refused line is given up") {
  RecordingIntake intake;
  LineDecoder decoder({}, intake);
  const std::string_view lines = "a 1 1795229000\nb 2 1795229000\nc 3 1795229000\n";
  intake.events_to_refuse = 3;
  CHECK(decoder.decode(lines, received()) == 0);
  decoder.drop();
  CHECK(decoder.decode(lines, received()) == 15);  // a is given up, b refused
  CHECK(intake.dropped == 1);
  CHECK(decoder.decode(lines.substr(15), received()) == 30);
  CHECK(services_of(intake) == std::vector<std::string>{"b", "c"});
  CHECK(intake.dropped == 1);
}

TEST_CASE("a drop without a refused line gives nothing up") {
  RecordingIntake intake;
  LineDecoder decoder({}, intake);
  decoder.drop();
  intake.events_to_refuse = 1;
  CHECK(decoder.decode("a 1 1795229000\n", received()) == 0);
  CHECK(intake.dropped == 0);
}

}  // namespace
}  // namespace tocsin::graphite::testing
