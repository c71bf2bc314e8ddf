#include "ingest/nagios/nsca_decoder.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/ingest/nagios/packets.hpp"
#include "tests/unit/ingest/nagios/results.hpp"

namespace tocsin::nagios::testing {
namespace {

RecordingIntake decode(const std::string& bytes) {
  RecordingIntake intake;
  NscaDecoder decoder({}, intake);
  CHECK(decoder.decode(bytes, received_from_192_0_2_7()) == bytes.size());
  CHECK(decoder.flush());
  return intake;
}

TEST_CASE("a packet is a result at the time of its arrival") {
  PacketFields fields;
  fields.code = 2;
  fields.output = R"(DISK CRITICAL|used=96%;80;90\nsecond line)";
  const RecordingIntake intake = decode(packet(fields));
  CHECK(intake.rejects.empty());
  REQUIRE(intake.events.size() == 2);
  const Event& state = intake.events[0];
  CHECK(state.time == kReceived);
  CHECK(state.host == "web-01");
  CHECK(state.service == "HTTP");
  CHECK(state.state == "critical");
  CHECK(state.description == "DISK CRITICAL");
  CHECK(state.ttl == std::chrono::minutes(10));
  CHECK(attribute(state, "long_output") == "second line");
  CHECK(attribute(state, "exit_code") == "2");
  CHECK(attribute(state, "ingest") == "nagios");
  CHECK(attribute(state, "peer") == "192.0.2.7");
  CHECK(intake.events[1].service == "HTTP/used");
}

TEST_CASE("without a service it is the host that was checked") {
  PacketFields fields;
  fields.service.clear();
  fields.code = 1;
  const RecordingIntake intake = decode(packet(fields));
  REQUIRE(intake.events.size() == 1);
  CHECK(intake.events[0].service == "host");
  CHECK(intake.events[0].state == "critical");
}

TEST_CASE("no host, or a code that is none, refuses the packet at its place") {
  PacketFields fields;
  fields.host.clear();
  RecordingIntake intake = decode(packet(fields));
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kName);
  CHECK(intake.rejects[0].offset == 14);
  for (const auto code : {std::int16_t{-1}, std::int16_t{256}}) {
    fields.host = "h";
    fields.code = code;
    intake = decode(packet(fields));
    REQUIRE(intake.rejects.size() == 1);
    CHECK(intake.rejects[0].cause == RejectCause::kValue);
    CHECK(intake.rejects[0].offset == 12);
    CHECK(intake.events.empty());
  }
}

TEST_CASE("bad perfdata is refused at its place in the packet") {
  PacketFields fields;
  fields.output = R"(ok\nlong|a=1 bad)";
  const RecordingIntake intake = decode(packet(fields));
  CHECK(intake.events.size() == 2);
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].offset == 206 + fields.output.find("bad"));
}

TEST_CASE("where the output fills its field, the last measurement is not believed") {
  PacketFields fields;
  fields.bytes = nsca::kOldPacketBytes;
  fields.output = "|a=1 b=12";
  fields.output.insert(0, 511 - fields.output.size(), 'x');
  const RecordingIntake intake = decode(packet(fields));
  CHECK(intake.events.size() == 2);
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kTruncated);
}

TEST_CASE("a frame of another size is no packet, and nothing is nothing") {
  CHECK(decode(std::string(719, 'x')).rejects.at(0).cause == RejectCause::kSyntax);
  CHECK(decode("").rejects.empty());
}

TEST_CASE("a full intake gets the rest of the packet later, and nothing twice") {
  PacketFields fields;
  fields.output = "ok|a=1 b=2 bad c=3";
  const std::string bytes = packet(fields);
  for (std::size_t refusals = 1; refusals < 6; ++refusals) {
    for (const bool drops : {false, true}) {
      CAPTURE(refusals);
      CAPTURE(drops);
      RecordingIntake intake;
      NscaDecoder decoder({}, intake);
      decode_fickly(decoder, intake, bytes, refusals, drops);
      CHECK(counted(intake) == 5);
      CHECK(intake.rejects.size() == 1);
      if (!drops) CHECK(intake.dropped == 0);
    }
  }
}

}  // namespace
}  // namespace tocsin::nagios::testing
