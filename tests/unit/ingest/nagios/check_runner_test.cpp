// With real programs: /bin/sh plays the plugins.
#include "ingest/nagios/check_runner.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "tests/unit/ingest/nagios/results.hpp"

namespace tocsin::nagios::testing {
namespace {

using namespace std::chrono_literals;

Check check_of(std::string name, std::vector<std::string> command,
               std::chrono::nanoseconds interval = 50ms) {
  return {.name = std::move(name),
          .host = "web-01",
          .command = std::move(command),
          .interval = interval};
}

Check script_of(std::string name, std::string script, std::chrono::nanoseconds interval = 50ms) {
  return check_of(std::move(name), {"/bin/sh", "-c", std::move(script)}, interval);
}

RunnerOptions quick() {
  RunnerOptions options;
  options.beat = 5ms;
  options.grace = 100ms;
  options.clock = [] { return kReceived; };
  return options;
}

// Runs checks until `enough` holds, at most for ten seconds.
struct Rig {
  explicit Rig(std::vector<Check> checks, RunnerOptions options = quick()) {
    auto started = CheckRunner::start(loop, std::move(checks), std::move(options), intake);
    REQUIRE(started.has_value());
    runner = std::move(*started);
  }

  void run_until(std::function<bool()> enough) {
    const auto end = std::chrono::steady_clock::now() + 10s;
    loop.every(2ms, [this, enough = std::move(enough), end] {
      if (enough() || std::chrono::steady_clock::now() > end) loop.stop();
    });
    loop.run();
  }
  void run_until_events(std::size_t count) {
    run_until([this, count] { return intake.events.size() >= count; });
    REQUIRE(intake.events.size() >= count);
  }

  RecordingIntake intake;
  listen::Loop loop;
  std::unique_ptr<CheckRunner> runner;
};

TEST_CASE("what a plugin says becomes the events of a result") {
  Rig rig({script_of("HTTP", "echo 'HTTP slow |time=0.5s;;;0'; echo 'second line'; exit 1")});
  rig.run_until_events(4);  // two runs
  const Event& state = rig.intake.events[0];
  CHECK(state.time == kReceived);
  CHECK(state.host == "web-01");
  CHECK(state.service == "HTTP");
  CHECK(state.state == "warning");
  CHECK(state.description == "HTTP slow");
  CHECK(state.ttl == 100ms);
  CHECK(attribute(state, "long_output") == "second line");
  CHECK(attribute(state, "exit_code") == "1");
  CHECK(attribute(state, "peer") == "(none)");
  CHECK(rig.intake.events[1].service == "HTTP/time");
  CHECK(rig.intake.events[1].ttl == 100ms);
  CHECK(rig.intake.events[2].service == "HTTP");
  CHECK(rig.runner->counters().started.get() >= 2);
  CHECK(rig.runner->counters().failed.get() == 0);
}

TEST_CASE("what is no plugin's answer is a failure that says why") {
  struct Case {
    Check check;
    std::string description;
    std::string exit_code;
  };
  const Case cases[] = {
      {script_of("a", "nonesuch-plugin"), "exit code 127: command not found", "127"},
      {script_of("a", "exit 126"), "exit code 126: command not executable", "126"},
      {script_of("a", "exit 4"), "exit code 4, 0 to 3 were expected", "4"},
      {script_of("a", "kill -SEGV $$"), "killed by signal 11 (Segmentation fault)", "(none)"},
      {check_of("a", {"/nonesuch/plugin", "-w", "5"}),
       "/nonesuch/plugin: cannot be started: No such file or directory", "(none)"},
  };
  for (const std::string_view failure_state : {state::kUnknown, state::kCritical}) {
    for (const Case& c : cases) {
      CAPTURE(c.description);
      RunnerOptions options = quick();
      options.failure_state = failure_state;
      Rig rig({c.check}, options);
      rig.run_until_events(1);
      CHECK(rig.intake.events[0].state == failure_state);
      CHECK(rig.intake.events[0].description == c.description);
      CHECK(attribute(rig.intake.events[0], "exit_code") == c.exit_code);
      CHECK(rig.runner->counters().failed.get() >= 1);
      CHECK(rig.runner->counters().timed_out.get() == 0);
    }
  }
}

TEST_CASE("a check whose time is over says so, and what it had printed") {
  Check check = script_of("a", "echo 'still looking|n=1'; sleep 60");
  check.timeout = 150ms;
  Rig rig({check});
  rig.run_until_events(1);
  CHECK(rig.intake.events[0].description == "timed out after 0.15 s");
  CHECK(rig.intake.events[0].state == "unknown");
  CHECK(attribute(rig.intake.events[0], "long_output") == "still looking|n=1");
  CHECK(rig.runner->counters().timed_out.get() >= 1);
  CHECK(rig.runner->counters().skipped.get() >= 2);
}

TEST_CASE("no more checks run than may, and none twice at a time") {
  std::vector<Check> checks;
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    checks.push_back(script_of(name, "sleep 0.02", 10ms));
  }
  RunnerOptions options = quick();
  options.max_concurrent = 2;
  Rig rig(checks, options);
  std::uint64_t most = 0;
  rig.run_until([&] {
    most = std::max(most, rig.runner->counters().running.get());
    return rig.intake.events.size() >= 10;
  });
  CHECK(rig.intake.events.size() >= 10);
  CHECK(most == 2);
}

TEST_CASE("a full pipeline holds the checks back, and nothing is lost or counted twice") {
  Rig rig({script_of("a", "echo 'ok|n=1 m=2'", 20ms)});
  rig.intake.events_to_refuse = 20;
  rig.run_until_events(6);
  CHECK(rig.intake.events_to_refuse == 0);
  CHECK(rig.intake.dropped == 0);
  CHECK(rig.runner->counters().stalls.get() == 1);
  const char* const services[] = {"a", "a/n", "a/m"};
  for (std::size_t i = 0; i < 6; ++i) CHECK(rig.intake.events[i].service == services[i % 3]);
  CHECK(rig.runner->counters().skipped.get() >= 2);
}

TEST_CASE("closing lets those that run end, and starts no other") {
  Rig rig({script_of("a", "sleep 0.1; echo last", 10ms)});
  bool closed = false;
  rig.run_until([&] {
    if (rig.runner->counters().running.get() == 1 && !closed) {
      rig.runner->close(5s, [&] { rig.loop.stop(); });
      closed = true;
    }
    return false;
  });
  REQUIRE(rig.intake.events.size() == 1);
  CHECK(rig.intake.events[0].description == "last");
  CHECK(rig.runner->counters().running.get() == 0);
}

TEST_CASE("closing gives up what takes longer than its grace, and what nobody takes") {
  Rig rig({script_of("a", "sleep 60", 10ms), script_of("b", "echo 'x|n=1'", 10ms)});
  rig.intake.events_to_refuse = static_cast<std::size_t>(-1);
  bool closed = false;
  const auto begin = std::chrono::steady_clock::now();
  rig.run_until([&] {
    if (rig.runner->counters().stalls.get() == 1 && !closed) {
      rig.runner->close(50ms, [&] { rig.loop.stop(); });
      closed = true;
    }
    return false;
  });
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
  CHECK(rig.intake.events.empty());
  CHECK(rig.intake.dropped == 2);
}

TEST_CASE("a runner that is destroyed while checks run leaves the loop in order") {
  Rig rig({script_of("a", "sleep 60", 10ms)});
  rig.run_until([&] { return rig.runner->counters().running.get() == 1; });
  rig.runner.reset();
  listen::Loop& loop = rig.loop;
  loop.post([&loop] { loop.stop(); });
  CHECK(rig.intake.events.empty());
}

TEST_CASE("checks that cannot be are refused before any starts") {
  RecordingIntake intake;
  listen::Loop loop;
  const auto started = CheckRunner::start(loop, {check_of("a", {})}, quick(), intake);
  REQUIRE_FALSE(started.has_value());
  CHECK(started.error().where == "web-01/a");
}

}  // namespace
}  // namespace tocsin::nagios::testing
