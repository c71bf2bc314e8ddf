// statsd_inputs.cpp: the options of its decoder, and what its sockets carry.
#include "src/app/inputs/inputs.hpp"
#include "tests/unit/app/inputs/specs.hpp"

namespace tocsin::app {
namespace {

using namespace test;
using namespace std::string_literals;

TEST_CASE("lines come in datagrams and on TCP, and framed over unix streams") {
  const Specs specs = inputs_of(
      "  statsd:\n    - udp: 127.0.0.1:8125\n      tcp: 127.0.0.1:8135\n      unix: /run/d.sock\n"
      "      unix_stream: /run/s.sock\n");
  CHECK(summary(specs) ==
        std::vector<std::string>{"statsd.udp listen.statsd[0].udp 127.0.0.1:8125",
                                 "statsd.unix listen.statsd[0].unix /run/d.sock",
                                 "statsd.tcp listen.statsd[0].tcp 127.0.0.1:8135",
                                 "statsd.unix_stream listen.statsd[0].unix_stream /run/s.sock"});
  for (const char* name : {"statsd.udp", "statsd.unix"}) {
    const auto intake = datagram(specs, name, "a:1|c\nb:2|ms");
    REQUIRE(intake.kept.size() == 2);
    CHECK(intake.kept[1].name == "b");
  }
  CHECK(stream(specs, "statsd.tcp", "a:1|c\nb:2|ms\n").intake.kept.size() == 2);
  CHECK(stream(specs, "statsd.unix_stream", "\x0d\0\0\0a:1|c\nb:2|ms\n"s).intake.kept.size() == 2);
}

TEST_CASE("only DogStatsD asks who sends") {
  const Specs specs = inputs_of(
      "  statsd:\n    - udp: 127.0.0.1:1\n    - {name: dog, dialect: dogstatsd, udp: "
      "127.0.0.1:2}\n");
  CHECK_FALSE(datagram_options(specs, "statsd.udp").with_peers);
  CHECK(datagram_options(specs, "dog.udp").with_peers);
}

TEST_CASE("the dialect decides what a record is") {
  const Specs specs = inputs_of(
      "  statsd:\n    - udp: 127.0.0.1:1\n    - {name: dog, dialect: dogstatsd, udp: 127.0.0.1:2}\n"
      "    - {name: etsy, dialect: etsy-strict, udp: 127.0.0.1:3}\n");
  const std::string event = "_e{1,1}:a|b";
  CHECK(datagram(specs, "dog.udp", event).events.size() == 1);
  CHECK(datagram(specs, "etsy.udp", event).rejects.size() == 1);
  CHECK(datagram(specs, "statsd.udp", "a:1|c|#x:y").kept.size() == 1);
}

TEST_CASE("signs of gauges, the host, and the limit of a record are carried over") {
  const Specs specs = inputs_of(
      "  statsd:\n    - udp: 127.0.0.1:1\n    - {name: dog, gauge_sign: absolute, host: web-1, "
      "max_record: 64B, udp: 127.0.0.1:2}\n");
  const auto adjusted = datagram(specs, "statsd.udp", "g:-5|g");
  REQUIRE(adjusted.kept.size() == 1);
  CHECK(adjusted.kept[0].op == SampleOp::kAdjustGauge);
  const auto set = datagram(specs, "dog.udp", "g:-5|g");
  REQUIRE(set.kept.size() == 1);
  CHECK(set.kept[0].op == SampleOp::kSetGauge);

  RecordingIntake intake;
  intake.keep_identities = true;
  const auto decoder = std::get<DatagramInput>(spec_of(specs, "dog.udp").way).decoder(intake);
  CHECK(decoder->decode("g:1|g", origin()) == 5);
  CHECK(decoder->flush());
  REQUIRE(intake.identities.size() == 1);
  CHECK(intake.identities[0].host == "web-1");

  const auto oversized = datagram(specs, "dog.udp", std::string(80, 'x') + ":1|c");
  REQUIRE(oversized.rejects.size() == 1);
  CHECK(oversized.rejects[0].cause == RejectCause::kOversized);
}

}  // namespace
}  // namespace tocsin::app
