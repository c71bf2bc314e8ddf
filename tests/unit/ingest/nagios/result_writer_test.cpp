#include "ingest/nagios/result_writer.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/ingest/nagios/results.hpp"

namespace tocsin::nagios::testing {
namespace {

RecordingIntake write(const CheckResult& result, const Options& options = {}) {
  RecordingIntake intake;
  ResultWriter writer(options, intake);
  CHECK(writer.write(result));
  return intake;
}

CheckResult result_of(std::string_view output) {
  CheckResult result;
  result.host = "h";
  result.check = "c";
  result.state = state::kOk;
  result.output = output;
  return result;
}

TEST_CASE("a counter is marked as one") {
  const RecordingIntake intake = write(result_of("ok|n=5c m=5B"));
  CHECK(attribute(intake.events.at(1), "metric_type") == "counter");
  CHECK(attribute(intake.events.at(1), "uom") == "c");
  CHECK(attribute(intake.events.at(2), "metric_type") == "(none)");
}

TEST_CASE("the digits of an integer beyond 64 bits are kept beside the double") {
  const RecordingIntake intake = write(result_of("ok|n=18446744073709551615c"));
  CHECK(intake.events.at(1).metric == Metric(18446744073709551615.0));
  CHECK(attribute(intake.events.at(1), "value") == "18446744073709551615");
}

TEST_CASE("labels keep their slashes, and lose the quotes around them and the doubled ones") {
  const RecordingIntake intake = write(result_of("ok|/=1 '/var/l''s b'=2"));
  CHECK(intake.events.at(1).service == "c//");
  CHECK(attribute(intake.events.at(1), "label") == "/");
  CHECK(intake.events.at(2).service == "c//var/l's b");
  CHECK(attribute(intake.events.at(2), "label") == "/var/l's b");
}

TEST_CASE("bytes that are not UTF-8 are replaced, one by one, in every text") {
  CheckResult result = result_of("t\xFF|'l\xFF'''=1\xB5s;\xFF;2\n l\xFFng");
  result.host = "h\xFF";
  result.check = "c\xFF";
  const RecordingIntake intake = write(result);
  REQUIRE(intake.events.size() == 2);
  CHECK(intake.events[0].host == "h\uFFFD");
  CHECK(intake.events[0].service == "c\uFFFD");
  CHECK(intake.events[0].description == "t\uFFFD");
  CHECK(attribute(intake.events[0], "long_output") == "l\uFFFDng");
  CHECK(intake.events[1].host == "h\uFFFD");
  CHECK(intake.events[1].service == "c\uFFFD/l\uFFFD'");
  CHECK(attribute(intake.events[1], "uom") == "\uFFFDs");
  CHECK(attribute(intake.events[1], "warn") == "\uFFFD");
}

TEST_CASE("a failure is the description, and the output is not read as a plugin's") {
  CheckResult result = result_of("sh: not found|a=1\nmore");
  result.failure = "exit code 127: command not found";
  const RecordingIntake intake = write(result);
  REQUIRE(intake.events.size() == 1);
  CHECK(intake.events[0].description == "exit code 127: command not found");
  CHECK(attribute(intake.events[0], "long_output") == "sh: not found|a=1\nmore");
  CHECK(attribute(intake.events[0], "exit_code") == "(none)");
}

TEST_CASE("perfdata beyond the limit is refused, once for each section that reaches it") {
  Options options;
  options.max_perfdata = 3;
  const RecordingIntake intake = write(result_of("ok|a=1 b=2\n|c=3 d=4 e=5"), options);
  CHECK(intake.events.size() == 4);
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kOversized);
  CHECK(intake.rejects[0].record == "d=4 e=5");
  CHECK(intake.rejects[0].offset == 16);
  CHECK(write(result_of("ok|a=1 b=2 c=3"), options).rejects.empty());
}

TEST_CASE("of an output that was cut off, the item at its end is refused") {
  CheckResult result = result_of("ok|a=1 b=12");
  result.cut = true;
  const RecordingIntake intake = write(result);
  CHECK(intake.events.size() == 2);
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kTruncated);
  CHECK(intake.rejects[0].record == "b=12");
  result.output = "ok|a=1 b=12 ";
  CHECK(write(result).rejects.empty());
}

TEST_CASE("the sender's address is an attribute, also when it changes") {
  RecordingIntake intake;
  ResultWriter writer({}, intake);
  Origin origin = received_from_192_0_2_7();
  for (const auto last : {std::uint8_t{7}, std::uint8_t{7}, std::uint8_t{9}}) {
    origin.peer.address[3] = last;
    writer.set_origin(origin);
    CHECK(writer.write(result_of("ok")));
  }
  writer.set_origin({});
  CHECK(writer.write(result_of("ok")));
  CHECK(attribute(intake.events.at(1), "peer") == "192.0.2.7");
  CHECK(attribute(intake.events.at(2), "peer") == "192.0.2.9");
  CHECK(attribute(intake.events.at(3), "peer") == "(none)");
}

TEST_CASE("whom the connection proved to be is an attribute") {
  RecordingIntake intake;
  ResultWriter writer({}, intake);
  Origin origin;
  origin.user = "web-01.example";
  writer.set_origin(origin);
  CHECK(writer.write(result_of("ok")));
  writer.set_origin({});
  CHECK(writer.write(result_of("ok")));
  CHECK(attribute(intake.events.at(0), "auth_user") == "web-01.example");
  CHECK(attribute(intake.events.at(1), "auth_user") == "(none)");
}

TEST_CASE("writing goes on at the event that was not taken") {
  RecordingIntake intake;
  ResultWriter writer({}, intake);
  const CheckResult result = result_of("ok|a=1 bad b=2");
  for (int i = 0; i < 3; ++i) {
    intake.events_to_refuse = 1;
    CHECK_FALSE(writer.write(result));
    CHECK(intake.events.empty());
  }
  CHECK(writer.write(result));
  CHECK(intake.events.size() == 3);
  CHECK(intake.rejects.size() == 1);
}

}  // namespace
}  // namespace tocsin::nagios::testing
