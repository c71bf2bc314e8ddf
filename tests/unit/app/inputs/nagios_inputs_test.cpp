// nagios_inputs.cpp: passive results, NSCA, and checks that are run here.
#include "src/app/inputs/inputs.hpp"
#include "tests/unit/app/inputs/specs.hpp"
#include "tests/unit/ingest/listen/fakes.hpp"

#include <fstream>

namespace tocsin::app {
namespace {

using namespace test;

TEST_CASE("passive results come in as lines, and live for two intervals") {
  const Specs specs = inputs_of("  nagios: [{tcp: '127.0.0.1:1', interval: 1m}]\n");
  const auto intake =
      stream(specs, "nagios.tcp", "[1795229300] PROCESS_SERVICE_CHECK_RESULT;web;http;1;SLOW\n")
          .intake;
  REQUIRE(intake.events.size() == 1);
  CHECK(intake.events[0].state == "warning");
  CHECK(intake.events[0].ttl == std::chrono::minutes(2));
}

TEST_CASE("NSCA greets each connection with bytes of its own") {
  const listen::testing::TemporaryDirectory directory;
  std::ofstream(directory.file("password")) << "secret\n";
  const Specs specs =
      inputs_of("  nagios: [{nsca: '127.0.0.1:1', nsca_method: 14, nsca_password_file: " +
                directory.file("password") + "}]\n");
  const std::string first = stream(specs, "nagios.nsca", "").answers;
  CHECK(first.size() == 132);
  CHECK(stream(specs, "nagios.nsca", "").answers.substr(0, 128) != first.substr(0, 128));
}

TEST_CASE("a password file that is not there is a complaint at its place") {
  CHECK(
      complaint("  nagios:\n    - nsca: 127.0.0.1:1\n      nsca_password_file: /nowhere/p\n")
          .starts_with("tocsin.yaml:4:27: listen.nagios[0].nsca_password_file: found /nowhere/p"));
}

TEST_CASE("checks are one input, with what the settings say of each") {
  settings::Checks checks;
  Specs specs;
  add_inputs(checks, specs);
  CHECK(specs.empty());
  checks.max_concurrent = 3;
  checks.failure = settings::CheckFailure::kCritical;
  settings::LocalCheck load;
  load.name = "load";
  load.command = {"check_load", "-w", "5"};
  load.timeout = std::chrono::seconds(3);
  checks.run = {load};
  load.host = "other";
  checks.run.push_back(load);
  add_inputs(checks, specs);
  CHECK(summary(specs) == std::vector<std::string>{"checks checks.run 2 checks"});
  const auto& input = std::get<CheckInput>(specs[0].way);
  CHECK(input.options.max_concurrent == 3);
  CHECK(input.options.failure_state == "critical");
  REQUIRE(input.checks.size() == 2);
  CHECK(input.checks[0].host == own_host());
  CHECK(input.checks[1].host == "other");
  CHECK(input.checks[0].command == std::vector<std::string>{"check_load", "-w", "5"});
  CHECK(input.checks[0].timeout == std::chrono::seconds(3));
}

}  // namespace
}  // namespace tocsin::app
