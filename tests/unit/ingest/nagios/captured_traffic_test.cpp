// Real output of real plugins, and what send_nsca sent.
#include <doctest/doctest.h>

#include <chrono>
#include <sstream>
#include <string>
#include <vector>

#include "ingest/nagios/passive_decoder.hpp"
#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/nagios/nsca_conversation.hpp"

namespace tocsin::nagios::testing {
namespace {

using tocsin::testing::read_capture;

struct Call {
  std::string command;
  int code = 0;
  std::string output;
};

// "$ COMMAND", "rc=CODE", the output, an empty line.
std::vector<Call> read_calls() {
  std::istringstream file(read_capture("nagios/plugin_output.txt"));
  std::vector<Call> calls;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("$ ")) {
      calls.push_back({line.substr(2), 0, ""});
    } else if (line.starts_with("rc=")) {
      calls.back().code = std::stoi(line.substr(3));
    } else if (!line.empty()) {
      calls.back().output += line + "\n";
    }
  }
  return calls;
}

// One measurement as a line: label value uom warn crit min max, "-" for what is not there.
std::string line_of(const Event& event) {
  std::ostringstream out;
  out << attribute(event, "label") << ' ';
  if (const auto* integer = std::get_if<std::int64_t>(&event.metric)) out << *integer;
  if (const auto* real = std::get_if<double>(&event.metric)) out << *real;
  for (const char* key : {"uom", "warn", "crit", "min", "max"}) {
    const std::string value = attribute(event, key);
    out << ' ' << (value == "(none)" ? "-" : value);
  }
  return out.str();
}

struct Expected {
  std::string state;
  std::string description;
  std::vector<std::string> measured;
};

TEST_CASE("plugin_output.txt: seven calls, every state, text and label of them") {
  const Expected expected[] = {
      {"ok",
       "LOAD OK - total load average: 3.27, 2.31, 1.43",
       {"load1 3.27 - 50.000 90.000 0 -", "load5 2.31 - 40.000 80.000 0 -",
        "load15 1.43 - 30.000 70.000 0 -"}},
      {"warning",
       "LOAD WARNING - scaled load average: 1.64, 1.16, 0.71 - total load average: 3.27, 2.31, "
       "1.43",
       {"load1 3.27 - - - 0 -", "scaled_load1 1.635 - 0.000 90.000 0 -", "load5 2.31 - - - 0 -",
        "scaled_load5 1.155 - 0.000 80.000 0 -", "load15 1.43 - - - 0 -",
        "scaled_load15 0.715 - 0.000 70.000 0 -"}},
      {"ok", "DISK OK", {"/ 23170383872 B 267847005634 269199768289 0 270552530944"}},
      {"critical",
       "DISK CRITICAL - free space: / 75888MiB (77% inode=96%);",
       {"/ 23170383872 B 2705525309 5411050618 0 270552530944"}},
      {"ok", "USERS OK - 0 users currently logged in", {"users 0 - 5 10 0 -"}},
      {"ok", "PROCS OK: 90 processes", {"procs 90 - 1:100000 0:100000 0 -"}},
      {"warning", "PROCS WARNING: 90 processes", {"procs 90 - 1:1 - 0 -"}},
  };
  const std::vector<Call> calls = read_calls();
  REQUIRE(calls.size() == std::size(expected));
  for (std::size_t i = 0; i < calls.size(); ++i) {
    CAPTURE(calls[i].command);
    RecordingIntake intake;
    PassiveDecoder decoder({}, intake);
    const std::string name = calls[i].command.substr(0, calls[i].command.find(' '));
    const std::string line = "[1795229000] PROCESS_SERVICE_CHECK_RESULT;vm;" + name + ";" +
                             std::to_string(calls[i].code) + ";" + calls[i].output;
    REQUIRE(decoder.decode(line, received_from_192_0_2_7()) == line.size());
    CHECK(intake.rejects.empty());
    REQUIRE(!intake.events.empty());
    const Event& state = intake.events.front();
    CHECK(state.service == name);
    CHECK(state.state == expected[i].state);
    CHECK(state.description == expected[i].description);
    CHECK(attribute(state, "long_output") == "(none)");
    std::vector<std::string> measured;
    for (std::size_t at = 1; at < intake.events.size(); ++at) {
      CHECK(intake.events[at].service == name + "/" + attribute(intake.events[at], "label"));
      measured.push_back(line_of(intake.events[at]));
    }
    CHECK(measured == expected[i].measured);
  }
}

nsca::Iv captured_iv(const std::string& greeting) {
  nsca::Iv iv;
  greeting.copy(iv.data(), iv.size());
  return iv;
}

TimePoint captured_time(const std::string& greeting) {
  return TimePoint(
      std::chrono::seconds(base::load_big_endian<std::uint32_t>(greeting.data() + 128)));
}

TEST_CASE("nsca_init.bin is what our server greets with, given its random bytes and time") {
  const std::string captured = read_capture("nagios/nsca_init.bin");
  REQUIRE(captured.size() == 132);
  const Conversation conversation(nsca::Method::kNone, "", captured_iv(captured),
                                  captured_time(captured));
  std::string greeting;
  conversation.server.greeting(greeting);
  CHECK(greeting == captured);
}

void check_results(const RecordingIntake& intake) {
  CHECK(intake.rejects.empty());
  REQUIRE(intake.events.size() == 5);
  const Event& http = intake.events[0];
  CHECK(http.host == "web-01");
  CHECK(http.service == "HTTP");
  CHECK(http.state == "ok");
  CHECK(http.description == "HTTP OK: 200 in 0.120s");
  CHECK(intake.events[1].service == "HTTP/time");
  CHECK(line_of(intake.events[1]) == "time 0.12 s 1 5 0 -");
  CHECK(intake.events[2].service == "HTTP/size");
  CHECK(line_of(intake.events[2]) == "size 512 B - - - -");
  const Event& disk = intake.events[3];
  CHECK(disk.service == "Disk");
  CHECK(disk.state == "critical");
  CHECK(disk.description == "DISK CRITICAL: / 96% used");
  CHECK(attribute(disk, "long_output") == "second line");
  const Event& host = intake.events[4];
  CHECK(host.host == "web-01");
  CHECK(host.service == "host");
  CHECK(host.state == "ok");
  CHECK(host.description == "PING OK - host check");
}

TEST_CASE("nsca_method{0,1,3,14}.bin: three packets each, the same results") {
  const std::string greeting = read_capture("nagios/nsca_init.bin");
  for (const nsca::Method method : kMethods) {
    const std::string name =
        "nagios/nsca_method" + std::to_string(static_cast<int>(method)) + ".bin";
    CAPTURE(name);
    for (const std::size_t portion : {1448U, 4304U, 20000U}) {
      Conversation conversation(method, "throwaway-nsca", captured_iv(greeting),
                                captured_time(greeting));
      conversation.now = captured_time(greeting) + std::chrono::seconds(1);
      conversation.receive(read_capture(name), portion);
      check_results(conversation.intake);
    }
  }
}

TEST_CASE("nsca_method{1,3,14}.bin are unauthorized under another password") {
  const std::string greeting = read_capture("nagios/nsca_init.bin");
  for (const int number : {1, 3, 14}) {
    const std::string name = "nagios/nsca_method" + std::to_string(number) + ".bin";
    CAPTURE(name);
    Conversation conversation(*nsca::find_method(number), "guessed", captured_iv(greeting),
                              captured_time(greeting));
    conversation.now = captured_time(greeting);
    conversation.receive(read_capture(name), 1448);
    CHECK(conversation.intake.events.empty());
    REQUIRE(conversation.intake.rejects.size() == 1);
    CHECK(conversation.intake.rejects[0].cause == RejectCause::kUnauthorized);
  }
}

}  // namespace
}  // namespace tocsin::nagios::testing
