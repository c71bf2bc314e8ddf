#include "src/app/check_command.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "tests/unit/app/scratch_directory.hpp"

namespace tocsin::app {
namespace {

struct Outcome {
  int status;
  std::string out;
  std::string err;
};

Outcome check(const CheckOptions& options) {
  std::ostringstream out;
  std::ostringstream err;
  const int status = run_check(options, out, err);
  return {status, out.str(), err.str()};
}

TEST_CASE("good rules are counted") {
  const test::ScratchDirectory scratch;
  const std::string rules =
      scratch.write("r.yaml",
                    "parse:\n  - {where: service = \"l\", steps: [{dissect: '%{a} %{b}'}]}\n"
                    "derive:\n  - {where: service = \"l\", name: l.lines}\n"
                    "watch:\n  - {where: service = \"x\", critical: metric > 1}\n"
                    "service:\n  - {name: s, business: [x]}\n");
  const Outcome outcome = check({{}, {rules}});
  CHECK(outcome.status == 0);
  CHECK(outcome.out == "ok: parse 1, derive 1, watch 1, service 1\n");
  CHECK(outcome.err.empty());
}

TEST_CASE("every complaint has its place") {
  const test::ScratchDirectory scratch;
  const std::string rules = scratch.write(
      "r.yaml", "watch:\n  - {where: service =, critical: metric > 1}\n  - {wear: 1}\n");
  Outcome outcome = check({{}, {rules}});
  CHECK(outcome.status == 1);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.find(rules + ":2:") != std::string::npos);
  CHECK(outcome.err.find(rules + ":3:") != std::string::npos);
  const std::string config = scratch.write("c.yaml", "rules: [r.yaml]\npipeline: {shards: 2}\n");
  outcome = check({config, {}});
  CHECK(outcome.status == 1);
  CHECK(outcome.err.find(config + ":2:") != std::string::npos);
  const std::string carbons = scratch.write(
      "f.yaml", "rules: []\nforward: {to: graphite, addresses: ['10.0.0.1:1', '10.0.0.1:2']}\n");
  outcome = check({carbons, {}});
  CHECK(outcome.status == 1);
  CHECK(outcome.err.find(carbons + ":2:") != std::string::npos);
}

TEST_CASE("rules that are named on the command line are not the settings' mistake") {
  const test::ScratchDirectory scratch;
  const std::string config = scratch.write("c.yaml", "rules: [r.yaml]\n");
  const Outcome outcome = check({config, {"none.yaml"}});
  CHECK(outcome.status == 1);
  CHECK(outcome.err == "none.yaml: cannot be read: No such file or directory\n");
}

TEST_CASE("the settings' own rules are checked when none are named") {
  const test::ScratchDirectory scratch;
  scratch.write("r.yaml", "service:\n  - {name: s, business: [x]}\n");
  const std::string config = scratch.write("c.yaml", "rules: [r.yaml]\n");
  CHECK(check({config, {}}).out == "ok: parse 0, derive 0, watch 0, service 1\n");
}

TEST_CASE("waits are durations") {
  CHECK(*parse_wait("5m") == std::chrono::minutes(5));
  CHECK(*parse_wait("250ms") == std::chrono::milliseconds(250));
  const auto bad = parse_wait("soon");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().message().starts_with("--wait: found 'soon', expected "));
}

}  // namespace
}  // namespace tocsin::app
