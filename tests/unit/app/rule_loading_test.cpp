#include "src/app/rule_loading.hpp"

#include <doctest/doctest.h>

#include "src/settings/load.hpp"
#include "tests/unit/app/scratch_directory.hpp"

namespace tocsin::app {
namespace {

TEST_CASE("rules are compiled with the generation they were loaded for") {
  const test::ScratchDirectory scratch;
  settings::Settings settings;
  settings.rules = {
      scratch.write("r.yaml", "watch:\n  - {where: service = \"x\", detect: skyline}\n")};
  settings.results.embedded.series = settings::PredicateText("service = \"y\"");
  const auto loaded = load_compiled_rules(settings, 3);
  REQUIRE(loaded);
  const CompiledRules& rules = **loaded.value;
  CHECK(rules.generation() == 3);
  REQUIRE(rules.ensemble(0));
  CHECK(rules.ensemble(0)->detectors().size() == 9);
  CHECK(rules.plan({SeriesKind::kGauge, "", "y", {}, {}}).publish);
  CHECK_FALSE(rules.plan({SeriesKind::kGauge, "", "x", {}, {}}).publish);
}

TEST_CASE("a plan knows the destinations of a series, by their places in the settings") {
  const test::ScratchDirectory scratch;
  settings::Settings settings;
  settings.rules = {scratch.write("r.yaml", "service:\n  - {name: shop, business: [orders]}\n")};
  for (const char* where : {"false", "service = \"x\"", "host = \"a\""}) {
    settings.forward.emplace_back().where = settings::PredicateText(where);
  }
  const auto loaded = load_compiled_rules(settings, 1);
  REQUIRE(loaded);
  const CompiledRules& rules = **loaded.value;
  const SeriesPlan both = rules.plan({SeriesKind::kGauge, "a", "x", {}, {}});
  REQUIRE(both.forward.size() == 2);
  CHECK(both.forward[0].destination == 1);
  CHECK(both.forward[1].destination == 2);
  CHECK_FALSE(both.empty());
  CHECK(rules.plan({SeriesKind::kGauge, "b", "y", {}, {}}).empty());
  // What a destination wants makes no series of a timer's statistics.
  CHECK_FALSE(rules.names_statistic({SeriesKind::kGauge, "", "x", {}, {}}, "x"));
}

TEST_CASE("a bad predicate of the settings is told with the rules' own errors, each at its place") {
  const test::ScratchDirectory scratch;
  const std::string rules = scratch.write("r.yaml", "watch:\n  - {wear: 1}\n");
  const std::string config =
      scratch.write("c.yaml", "rules: [r.yaml]\nresults:\n  embedded:\n    series: metric >\n");
  const auto settings = settings::load_settings(config, settings::process_environment());
  REQUIRE(settings);
  const auto loaded = load_compiled_rules(*settings.value, 1);
  REQUIRE_FALSE(loaded);
  std::string all;
  for (const Error& error : loaded.errors) all += error.message() + "\n";
  CHECK(all.find(rules + ":2:") != std::string::npos);
  CHECK(all.find(config + ":4:") != std::string::npos);
}

TEST_CASE("what a watch expects is held against the windows of the settings") {
  const test::ScratchDirectory scratch;
  settings::Settings settings;
  const std::string rules =
      scratch.write("r.yaml", "watch:\n  - {where: service = \"x\", expect: {every: 30s}}\n");
  settings.rules = {rules};
  CHECK(load_compiled_rules(settings, 1));
  settings.series.interval = std::chrono::minutes(1);
  const auto loaded = load_compiled_rules(settings, 1);
  REQUIRE(loaded.errors.size() == 1);
  CHECK(loaded.errors[0].where == rules + ":2:44");
  CHECK(loaded.errors[0].text.starts_with("found 30s, expected at least 1m (series.interval)"));
}

TEST_CASE("rules that are not there are a mistake of the settings") {
  const test::ScratchDirectory scratch;
  const std::string config = scratch.write("c.yaml", "rules:\n  - r.yaml\n  - none/\n");
  scratch.write("r.yaml", "");
  auto settings = settings::load_settings(config, settings::process_environment());
  REQUIRE(settings);
  const auto loaded = load_compiled_rules(*settings.value, 1);
  REQUIRE(loaded.errors.size() == 1);
  CHECK(loaded.errors[0].where == config + ":3:5");
  CHECK(loaded.errors[0].text.starts_with("rules[1]: found " + (scratch.path() / "none/").string() +
                                          " (cannot be read: No such file or directory), "));
}

TEST_CASE("services that contain each other are an error") {
  const test::ScratchDirectory scratch;
  settings::Settings settings;
  settings.rules = {scratch.write("r.yaml",
                                  "service:\n  - {name: a, members: [{service: b}]}\n"
                                  "  - {name: b, members: [{service: a}]}\n")};
  const auto loaded = load_compiled_rules(settings, 1);
  CHECK_FALSE(loaded);
  CHECK_FALSE(loaded.errors.empty());
}

}  // namespace
}  // namespace tocsin::app
