// Real traffic: syslog-ng's format-json template, every line.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/json/decode_all.hpp"

namespace tocsin::json_lines::testing {
namespace {

struct Expected {
  std::string service;
  std::string state;
  std::string description;
  std::vector<Attribute> attributes;  // all but ingest and peer
};

std::vector<Attribute> said(const std::string& facility, const std::string& header,
                            const std::string& date, const std::string& priority,
                            const std::string& pid) {
  std::vector<Attribute> out = {
      {"DATE", "Nov 21 02:52:" + date}, {"FACILITY", facility}, {"HOST_FROM", "vm"}};
  if (!header.empty()) out.push_back({"LEGACY_MSGHDR", header});
  if (!pid.empty()) out.push_back({"PID", pid});
  out.push_back({"PRIORITY", priority});
  out.push_back({"SOURCE", "s"});
  return out;
}

std::string established(int fd, int port) {
  return "Syslog connection established; fd='" + std::to_string(fd) +
         "', server='AF_INET(127.0.0.1:" + std::to_string(port) + ")', local='AF_INET(0.0.0.0:0)'";
}

TEST_CASE("syslog-ng over TCP, format-json: syslogng_tcp_json.bin") {
  const std::string words =
      "gr\xC3\xB6\xC3\x9F"
      "e \xE2\x9C\x93 ";
  const std::string stream = tocsin::testing::read_capture("syslog/syslogng_tcp_json.bin");
  const RecordingIntake intake = decode_all(stream);
  CHECK(intake.rejects.empty());
  const std::vector<Expected> expected = {
      {"syslog-ng", "ok", "syslog-ng starting up; version='3.38.1'",
       said("syslog", "", "09.579680", "notice", "29798")},
      {"syslog-ng", "ok", established(14, 5631),
       said("syslog", "", "09.581592", "notice", "29798")},
      {"syslog-ng", "ok", established(16, 5633),
       said("syslog", "", "09.581592", "notice", "29798")},
      {"syslog-ng", "ok", established(17, 5634),
       said("syslog", "", "09.581592", "notice", "29798")},
      {"sshd", "ok", "Accepted publickey for deploy from 192.0.2.10 port 51515 ssh2",
       said("authpriv", "sshd[2201]: ", "12.000000", "info", "2201")},
      {"kernel", "critical", "Out of memory: Killed process 4242 (java)",
       said("user", "kernel: ", "12.000000", "err", "")},
      {"app", "ok", "json {\"a\":1,\"b\":\"x y\"} and \"quotes\" ] and \\backslash",
       said("local0", "app: ", "12.000000", "notice", "")},
      {"app", "ok", words + std::string(300, 'z'),
       said("local0", "app: ", "12.000000", "debug", "")},
      {"app", "ok", "tab\tinside and bell \a.", said("user", "app: ", "12.000000", "info", "")},
      {"python", "warning", "SysLogHandler, no tag, NUL at end",
       said("user", "python ", "12.705570", "warning", "")},
      {"pyapp", "critical", "python with ident",
       said("user", "pyapp[77]: ", "12.705570", "err", "77")},
      {"syslog-ng", "ok", "syslog-ng shutting down; version='3.38.1'",
       said("syslog", "", "18.722959", "notice", "29798")},
  };
  REQUIRE(intake.events.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    Event event = intake.events[i];
    CHECK(event.time == kReceived);  // DATE has neither year nor zone
    CHECK(event.host == "vm");
    CHECK(event.service == expected[i].service);
    CHECK(event.state == expected[i].state);
    CHECK(event.description == expected[i].description);
    CHECK(attribute(event, "ingest") == "json");
    CHECK(attribute(event, "peer") == "192.0.2.7");
    std::erase_if(event.attributes,
                  [](const Attribute& a) { return a.key == "ingest" || a.key == "peer"; });
    CHECK(event.attributes == expected[i].attributes);
  }
}

}  // namespace
}  // namespace tocsin::json_lines::testing
