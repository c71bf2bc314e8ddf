#include "src/app/compiled_rules.hpp"

#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

using test::compiled;
using test::identity;

TEST_CASE("a plan holds what concerns the series and nothing else") {
  const auto rules = compiled(R"(
watch:
  - {name: load, where: service = "load" and metric > 0, warning: metric > 5}
  - {name: other, where: service = "other", critical: metric > 1}
service:
  - name: shop
    business: [orders, load]
    members: {where: 'service = "load"', by: host}
)",
                              1, "service = \"orders\"");
  const SeriesPlan load = rules->plan(identity(SeriesKind::kGauge, "load", "app-1"));
  REQUIRE(load.watches.size() == 1);
  CHECK(load.watches[0].watch == 0);
  CHECK_FALSE(load.watches[0].where.is_always());
  CHECK(load.watches[0].critical.is_never());
  REQUIRE(load.targets.size() == 2);
  CHECK(load.targets[0].member_class == SignalTarget::kBusiness);
  CHECK(load.targets[1].member == "app-1");
  CHECK_FALSE(load.publish);
  const SeriesPlan orders = rules->plan(identity(SeriesKind::kCounter, "orders"));
  CHECK(orders.watches.empty());
  CHECK(orders.targets.size() == 1);
  CHECK(orders.publish);
  CHECK(rules->plan(identity(SeriesKind::kGauge, "nothing")).empty());
  CHECK_FALSE(rules->ensemble(0));
}

TEST_CASE("a series that does not say whose it is speaks for no member") {
  const auto rules =
      compiled("service:\n  - {name: shop, members: {where: 'service = \"up\"', by: rack}}\n");
  Identity up = identity(SeriesKind::kGauge, "up", "app-1");
  const SeriesPlan nobodys = rules->plan(up);
  REQUIRE(nobodys.targets.size() == 1);  // so that it can be told of
  CHECK(nobodys.targets[0].member.empty());
  up.attributes = {{"rack", "r7"}};
  const SeriesPlan plan = rules->plan(up);
  REQUIRE(plan.targets.size() == 1);
  CHECK(plan.targets[0].member == "r7");
}

TEST_CASE("a series that a derive rule makes is known by its name and kind") {
  const auto rules = compiled(R"(
derive:
  - {name: requests, where: 'true'}
  - {name: latency, where: 'true', value: took, emit: [p95]}
)");
  const auto made_by = [&](SeriesKind kind, const char* name) {
    return rules->plan(identity(kind, name)).derivation;
  };
  CHECK(made_by(SeriesKind::kCounter, "requests") == &rules->rule_set().derivations[0]);
  CHECK(made_by(SeriesKind::kHistogram, "latency") == &rules->rule_set().derivations[1]);
  CHECK(made_by(SeriesKind::kTimer, "latency") == nullptr);
  CHECK(made_by(SeriesKind::kCounter, "other") == nullptr);
  CHECK(rules->plan(identity(SeriesKind::kCounter, "requests")).empty());
  CHECK_FALSE(rules->plan(identity(SeriesKind::kHistogram, "latency")).empty());
}

TEST_CASE("services become specs: groups first, then children") {
  const auto rules = compiled(R"(
service:
  - name: shop
    title: The shop
    business: [orders]
    members:
      - {service: db, required: true}
      - {name: apps, where: 'service = "up"', need: 60%, on_silence: failing}
    depends_on: [db]
  - {name: db, business: [queries]}
)");
  const auto specs = rules->service_specs();
  REQUIRE(specs.size() == 2);
  CHECK(specs[0].title == "The shop");
  CHECK(specs[0].business == std::vector<std::string>{"orders"});
  REQUIRE(specs[0].classes.size() == 2);
  CHECK(specs[0].classes[0].name == "apps");
  CHECK(specs[0].classes[0].roll_up.need->percent);
  CHECK(specs[0].classes[0].on_silence == service::OnSilence::kFailing);
  CHECK(specs[0].classes[1].child_service == "db");
  CHECK(specs[0].classes[1].standing.required);
  CHECK(specs[0].depends_on == std::vector<std::string>{"db"});
}

TEST_CASE("a statistic becomes a series where a rule spells it out") {
  const auto asked = [](const std::string& where, const std::string& timer = "shop.latency") {
    const auto rules = compiled("watch:\n  - {where: '" + where + "', critical: metric > 1}\n");
    return rules->names_statistic(identity(SeriesKind::kGauge, timer + ".upper_90"), ".upper_90");
  };
  CHECK(asked("service = \"shop.latency.upper_90\""));
  CHECK(asked("service in (\"shop.latency\", \"shop.latency.upper_90\")"));
  CHECK(asked("service =~ \"shop.%.upper_90\" and metric > 0"));
  CHECK(asked("service =~ \"%.upper_90\" and host = \"\" or tagged \"x\""));
  CHECK_FALSE(asked("service =~ \"shop.%\""));
  CHECK_FALSE(asked("service =~ \"%upper_90%\""));
  CHECK_FALSE(asked("service = \"shop.latency\""));
  CHECK_FALSE(asked("service =~ \"%.upper_90\" and host = \"app-1\""));
  CHECK_FALSE(asked("service =~ \"shop.%\" and service != \"x.upper_90\""));
  CHECK_FALSE(asked("true"));
  // What is spelled out is another series' statistic.
  CHECK_FALSE(asked("service = \"shop.latency.upper_90\" or service =~ \"shop.%\"", "shop.size"));
}

TEST_CASE("services ask for statistics as watches do; the store does not") {
  const Identity rate = identity(SeriesKind::kGauge, "orders.rate");
  CHECK(compiled("service: [{name: s, business: [orders.rate]}]")->names_statistic(rate, ".rate"));
  CHECK(compiled("service: [{name: s, members: {where: service =~ \"%.rate\", by: service}}]")
            ->names_statistic(rate, ".rate"));
  CHECK_FALSE(compiled("", 1, "service = \"orders.rate\"")->names_statistic(rate, ".rate"));
}

TEST_CASE("ten thousand watches give a series only its own") {
  std::string yaml = "watch:\n";
  for (int i = 0; i < 10'000; ++i) {
    yaml += "  - {where: 'service = \"s" + std::to_string(i) + "\"', critical: metric > 1}\n";
  }
  const auto rules = compiled(yaml);
  for (const std::uint32_t i : {0u, 4711u, 9999u}) {
    const SeriesPlan plan = rules->plan(identity(SeriesKind::kCounter, "s" + std::to_string(i)));
    REQUIRE(plan.watches.size() == 1);
    CHECK(plan.watches[0].watch == i);
    CHECK(plan.watches[0].where.is_always());
  }
  CHECK(rules->plan(identity(SeriesKind::kCounter, "s10000")).empty());
}

TEST_CASE("searches that gave up are counted, in whatever part of whichever rule") {
  const auto rules = compiled(R"(
watch:
  - where: service ~= "^(a+)+$"
    critical: metric > 1
  - where: service = "job"
    warning: description ~= "^(a+)+$"
    critical: description ~= "^(b+)+$"
)");
  const std::string hopeless = std::string(64, 'a') + "c";
  CHECK(rules->give_ups() == 0);
  (void)rules->plan(identity(SeriesKind::kCounter, hopeless));
  const std::uint64_t by_names = rules->give_ups();
  CHECK(by_names > 0);
  const SeriesPlan job = rules->plan(identity(SeriesKind::kEvent, "job"));
  REQUIRE(job.watches.size() == 1);
  Event event;
  event.service = "job";
  event.description = hopeless;
  CHECK_FALSE(job.watches[0].warning.matches(event));
  CHECK(rules->give_ups() == by_names + 1);
  event.description = std::string(64, 'b') + "c";
  CHECK_FALSE(job.watches[0].critical.matches(event));
  CHECK(rules->give_ups() == by_names + 2);
}

TEST_CASE("a rate of false alarms is of detectors that go by one") {
  const auto compile = [](const std::string& detectors) {
    const rules::RuleFile file{
        "r.yaml", "watch:\n  - where: service = \"x\"\n    detect: {detectors: [" + detectors +
                      "], false_alarms_per_week: 3}\n"};
    const auto parsed = rules::parse_rules({&file, 1}, test::vocabulary());
    REQUIRE(parsed);
    return CompiledRules::compile(*parsed.value, {}, detect::Consensus::kQuorum, 1);
  };
  const auto rules = compile("deep, consensus");
  REQUIRE(rules);
  const auto voters = (*rules)->ensemble(0)->detectors();
  CHECK(voters[1].options.false_alarms_per_week == 3);
  CHECK(voters[0].options == StreamDetectorOptions{});
  const auto refused = compile("deep");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().where == "r.yaml:2:5");
  CHECK(refused.error().text.find("only where consensus") != std::string::npos);
}

TEST_CASE("a detector nobody knows is an error at its place") {
  auto vocabulary = test::vocabulary();
  vocabulary.detectors.emplace_back("crystal_ball");
  const rules::RuleFile file{
      "r.yaml",
      "watch:\n  - {where: service = \"x\", detect: {detectors: [crystal_ball], "
      "quorum: 1}}\n"};
  const auto parsed = rules::parse_rules({&file, 1}, vocabulary);
  REQUIRE(parsed);
  const auto rules = CompiledRules::compile(*parsed.value, {}, detect::Consensus::kQuorum, 1);
  REQUIRE_FALSE(rules);
  CHECK(rules.error().code == Errc::kUnknownName);
  CHECK(rules.error().where.starts_with("r.yaml:2:"));
}

}  // namespace
}  // namespace tocsin::app
