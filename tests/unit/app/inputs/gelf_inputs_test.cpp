// gelf_inputs.cpp: datagrams, chunks that never get whole, and streams.
#include "src/app/inputs/inputs.hpp"
#include "tests/unit/app/inputs/specs.hpp"

namespace tocsin::app {
namespace {

using namespace test;

const std::string kMessage = R"({"version":"1.1","host":"h","short_message":"hi","level":3})";

TEST_CASE("messages come in datagrams and, ended by NUL, on streams") {
  const Specs specs = inputs_of("  gelf:\n    - {udp: 127.0.0.1:1, tcp: 127.0.0.1:1}\n");
  for (const RecordingIntake& intake :
       {datagram(specs, "gelf.udp", kMessage),
        stream(specs, "gelf.tcp", kMessage + std::string(1, '\0')).intake}) {
    REQUIRE(intake.events.size() == 1);
    CHECK(intake.events[0].service == "gelf");
    CHECK(intake.events[0].state == "critical");
  }
}

TEST_CASE("chunks that never get whole are counted as time goes by") {
  const Specs specs = inputs_of("  gelf: [{udp: '127.0.0.1:1'}]\n");
  const InputSpec& spec = spec_of(specs, "gelf.udp");
  REQUIRE(spec.every_second);
  spec.every_second(origin().received);  // before there is a decoder
  RecordingIntake intake;
  const auto decoder = std::get<DatagramInput>(spec.way).decoder(intake);
  using namespace std::string_literals;
  const std::string first_of_two =
      "\x1e\x0f"
      "12345678\0\2half"s;
  CHECK(decoder->decode(first_of_two, origin()) == first_of_two.size());
  spec.every_second(origin().received + std::chrono::seconds(4));
  CHECK(intake.rejects.empty());
  spec.every_second(origin().received + std::chrono::seconds(6));
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kTruncated);
}

TEST_CASE("max_record is a message's, inflated or not") {
  const Specs specs = inputs_of("  gelf: [{udp: '127.0.0.1:1', max_record: 64B}]\n");
  RecordingIntake intake;
  const auto decoder = std::get<DatagramInput>(spec_of(specs, "gelf.udp").way).decoder(intake);
  const std::string message = kMessage + std::string(64, ' ');
  CHECK(decoder->decode(message, origin()) == message.size());
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kOversized);
}

}  // namespace
}  // namespace tocsin::app
