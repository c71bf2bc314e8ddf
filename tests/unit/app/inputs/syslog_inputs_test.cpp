// syslog_inputs.cpp: what its sockets carry, and what is different on those of this machine.
#include "src/app/inputs/inputs.hpp"
#include "src/event/event_access.hpp"
#include "tests/unit/app/inputs/specs.hpp"

namespace tocsin::app {
namespace {

using namespace test;

const std::string kAll =
    "  syslog:\n    - udp: 127.0.0.1:514\n      unix: /run/log\n      tcp: 127.0.0.1:514\n"
    "      unix_stream: /run/slog\n      relp: 127.0.0.1:2514\n";

TEST_CASE("messages come in datagrams, frames and RELP") {
  const Specs specs = inputs_of(kAll);
  CHECK(summary(specs) ==
        std::vector<std::string>{"syslog.udp listen.syslog[0].udp 127.0.0.1:514",
                                 "syslog.unix listen.syslog[0].unix /run/log",
                                 "syslog.tcp listen.syslog[0].tcp 127.0.0.1:514",
                                 "syslog.unix_stream listen.syslog[0].unix_stream /run/slog",
                                 "syslog.relp listen.syslog[0].relp 127.0.0.1:2514"});
  CHECK(datagram(specs, "syslog.udp", "<13>Oct 11 22:14:15 web1 su: hi").events.size() == 1);
  CHECK(stream(specs, "syslog.tcp", "4 <13>a<13>b\n").intake.events.size() > 0);
  const Heard relp =
      stream(specs, "syslog.relp", "1 open 14 relp_version=0\n2 syslog 6 <13>hi\n3 close 0\n");
  CHECK(relp.intake.events.size() == 1);
  CHECK(relp.answers.find("2 rsp 6 200 OK\n") != std::string::npos);
  CHECK(relp.answers.ends_with("0 serverclose 0\n"));
}

TEST_CASE("on this machine's own sockets no host is expected, and the host is this one") {
  const Specs specs = inputs_of(kAll);
  const std::string message = "<13>Oct 11 22:14:15 su: hi";
  for (const char* name : {"syslog.unix", "syslog.unix_stream"}) {
    const RecordingIntake intake = std::string(name) == "syslog.unix"
                                       ? datagram(specs, name, message)
                                       : stream(specs, name, message + "\n").intake;
    REQUIRE(intake.events.size() == 1);
    CHECK(intake.events[0].service == "su");
    CHECK(intake.events[0].host == own_host());
    CHECK_FALSE(intake.events[0].host.empty());
  }
  const auto remote = datagram(specs, "syslog.udp", "<13>Oct 11 22:14:15 web1 su: hi");
  REQUIRE(remote.events.size() == 1);
  CHECK(remote.events[0].host == "web1");
}

TEST_CASE("host, service and time zone are carried over") {
  const Specs specs = inputs_of(
      "  syslog:\n    - {udp: 127.0.0.1:514, unix: /run/log, host: nowhere, service: unnamed, "
      "with_host: false, time_zone: '+02:00', max_record: 64B}\n");
  const auto intake = datagram(specs, "syslog.udp", "<13>2025-10-11 hello");
  REQUIRE(intake.events.size() == 1);
  CHECK(intake.events[0].host == "nowhere");
  const auto silent = datagram(specs, "syslog.udp", "<13>[hi]");
  REQUIRE(silent.events.size() == 1);
  CHECK(silent.events[0].service == "unnamed");
  const auto local = datagram(specs, "syslog.unix", "<13>Nov 21 10:00:00 su: hi");
  REQUIRE(local.events.size() == 1);
  CHECK(local.events[0].host == "nowhere");
  CHECK(std::chrono::floor<std::chrono::days>(local.events[0].time) + std::chrono::hours(8) ==
        local.events[0].time);
  const auto oversized = datagram(specs, "syslog.udp", std::string(65, 'x'));
  REQUIRE(oversized.rejects.size() == 1);
  CHECK(oversized.rejects[0].cause == RejectCause::kOversized);
}

TEST_CASE("a time zone that is none is a complaint at its place") {
  CHECK(complaint("  syslog:\n    - udp: 127.0.0.1:514\n      time_zone: Mars/Olympus\n")
            .starts_with("tocsin.yaml:4:18: listen.syslog[0].time_zone: found "));
}

}  // namespace
}  // namespace tocsin::app
