// json_inputs.cpp: JSON lines in datagrams and on streams.
#include "src/app/inputs/inputs.hpp"
#include "tests/unit/app/inputs/specs.hpp"

namespace tocsin::app {
namespace {

using namespace test;

TEST_CASE("a line is an event wherever it comes in, and defaults are carried over") {
  const Specs specs = inputs_of(
      "  json:\n    - {udp: 127.0.0.1:1, tcp: 127.0.0.1:1, unix: ./j, unix_stream: ./js, host: h, "
      "service: app, max_record: 64B}\n");
  CHECK(summary(specs) ==
        std::vector<std::string>{"json.udp listen.json[0].udp 127.0.0.1:1",
                                 "json.unix listen.json[0].unix ./j",
                                 "json.tcp listen.json[0].tcp 127.0.0.1:1",
                                 "json.unix_stream listen.json[0].unix_stream ./js"});
  const std::string line = "{\"message\":\"hello\"}\n";
  for (const RecordingIntake& intake :
       {datagram(specs, "json.udp", line), datagram(specs, "json.unix", line),
        stream(specs, "json.tcp", line).intake, stream(specs, "json.unix_stream", line).intake}) {
    REQUIRE(intake.events.size() == 1);
    CHECK(intake.events[0].host == "h");
    CHECK(intake.events[0].service == "app");
    CHECK(intake.events[0].description == "hello");
  }
  const auto long_line = stream(specs, "json.tcp", std::string(65, 'x') + "\n").intake;
  REQUIRE(long_line.rejects.size() == 1);
  CHECK(long_line.rejects[0].cause == RejectCause::kOversized);
}

}  // namespace
}  // namespace tocsin::app
