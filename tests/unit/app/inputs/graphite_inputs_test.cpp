// graphite_inputs.cpp: lines, pickles and Skyline's msgpack, and what templates make of names.
#include "src/app/inputs/inputs.hpp"
#include "tests/unit/app/inputs/specs.hpp"
#include "tests/unit/ingest/captures.hpp"

namespace tocsin::app {
namespace {

using namespace test;

TEST_CASE("each address has its own form of the protocol") {
  const Specs specs = inputs_of(
      "  graphite:\n    - {udp: 127.0.0.1:2003, tcp: 127.0.0.1:2003, unix_stream: /run/g.sock, "
      "pickle: 127.0.0.1:2004, msgpack: 127.0.0.1:2025}\n");
  CHECK(summary(specs) ==
        std::vector<std::string>{"graphite.udp listen.graphite[0].udp 127.0.0.1:2003",
                                 "graphite.tcp listen.graphite[0].tcp 127.0.0.1:2003",
                                 "graphite.unix_stream listen.graphite[0].unix_stream /run/g.sock",
                                 "graphite.pickle listen.graphite[0].pickle 127.0.0.1:2004",
                                 "graphite.msgpack listen.graphite[0].msgpack 127.0.0.1:2025"});
  const std::string lines = "a.b 1 1795229300\na.c 2 1795229300\n";
  CHECK(datagram(specs, "graphite.udp", lines).events.size() == 2);
  CHECK(stream(specs, "graphite.tcp", lines).intake.events.size() == 2);
  CHECK(stream(specs, "graphite.unix_stream", lines).intake.events.size() == 2);
  const auto pickles = stream(specs, "graphite.pickle",
                              tocsin::testing::read_capture("graphite/relay_pickle_a.bin"));
  CHECK(pickles.intake.events.size() > 0);
  CHECK(pickles.intake.rejects.empty());
}

TEST_CASE("templates, host and ttl are carried over") {
  const Specs specs = inputs_of(
      "  graphite:\n    - udp: 127.0.0.1:2003\n      templates: [servers.* .host.service*]\n"
      "      host: nowhere\n      ttl: 90s\n");
  const auto intake =
      datagram(specs, "graphite.udp", "servers.web1.cpu.user 1 1795229300\nother 2 1795229300\n");
  REQUIRE(intake.events.size() == 2);
  CHECK(intake.events[0].host == "web1");
  CHECK(intake.events[0].service == "cpu.user");
  CHECK(intake.events[0].ttl == std::chrono::seconds(90));
  CHECK(intake.events[1].host == "nowhere");
}

TEST_CASE("limits of lines and pickles are two") {
  const Specs specs = inputs_of(
      "  graphite:\n    - {tcp: 127.0.0.1:2003, pickle: 127.0.0.1:2004, max_record: 64B, "
      "max_pickle: "
      "2MiB}\n");
  CHECK(stream_options(specs, "graphite.pickle").buffer_bytes > std::size_t{2} << 20);
  CHECK(stream_options(specs, "graphite.tcp").buffer_bytes < std::size_t{2} << 20);
  const auto intake = stream(specs, "graphite.tcp", std::string(65, 'x') + "\n").intake;
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kOversized);
}

TEST_CASE("a template that is none is a complaint at its place") {
  CHECK(complaint("  graphite:\n    - udp: 127.0.0.1:2003\n      templates:\n"
                  "        - servers.* .host.service*\n        - servers.* .ho*st\n") ==
        "tocsin.yaml:6:11: listen.graphite[0].templates[1]: found servers.* .ho*st (column 12: "
        "\"ho*st\" is no key: "
        "letters, digits, '_' and '-' were expected), expected a template such as servers.* "
        ".host.service*");
}

}  // namespace
}  // namespace tocsin::app
