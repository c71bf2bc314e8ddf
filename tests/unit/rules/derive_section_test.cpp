#include <doctest/doctest.h>

#include "src/rules/sections.hpp"
#include "tests/unit/rules/vocabulary.hpp"

namespace tocsin::rules {
namespace {

using tests::parsed_rules;
using namespace std::chrono_literals;

std::string complaint(const std::string& rule) {
  const RuleFile file{"r.yaml", "derive: [" + rule + "]\n"};
  const auto loaded = parse_rules({&file, 1}, tests::vocabulary());
  for (std::size_t i = 1; i < loaded.errors.size(); ++i) FAIL_CHECK(loaded.errors[i].message());
  return loaded.errors.empty() ? "none" : loaded.errors[0].message();
}

std::vector<std::string> names(const std::vector<Emission>& emissions) {
  std::vector<std::string> all;
  for (const Emission& emission : emissions) all.push_back(emission.name);
  return all;
}

TEST_CASE("a derive rule has its parts and its place") {
  const RuleSetPtr rules = parsed_rules(R"(
derive:
  - name: checkout.latency
    where: controller = "Checkout"
    value: '[took][ms]'
    by: [host, action, '[http][status]']
    emit: [count, rate, sum, min, max, mean, p50, p99.9]
    window: 1m
    max_groups: 50
  - name: requests
    where: 'true'
)");
  REQUIRE(rules->derivations.size() == 2);
  const Derivation& made = rules->derivations[0];
  CHECK(made.name == "checkout.latency");
  CHECK(made.where.text == "controller = \"Checkout\"");
  CHECK(made.value == "took.ms");
  CHECK(made.by == std::vector<std::string>{"host", "action", "http.status"});
  CHECK(names(made.emit) ==
        std::vector<std::string>{"count", "rate", "sum", "min", "max", "mean", "p50", "p99_9"});
  CHECK(made.emit[7] == Emission{"p99_9", Emission::What::kPercentile, 99.9});
  CHECK(made.emit[2].what == Emission::What::kSum);
  CHECK(made.window == 1min);
  CHECK(made.max_groups == 50);
  CHECK(made.place.to_string() == "r.yaml:3:5");
  const Derivation& plain = rules->derivations[1];
  CHECK_FALSE(plain.value);
  CHECK(plain.emit.empty());
  CHECK(plain.by.empty());
  CHECK(plain.window == Duration{});
}

TEST_CASE("a value has a few statistics when none are named") {
  const RuleSetPtr rules = parsed_rules(
      "derive: [{name: a, where: 'true', value: v}, {name: b, where: 'true', value: v, emit: []}]");
  CHECK(names(rules->derivations[0].emit) ==
        std::vector<std::string>{"count", "p50", "p95", "p99"});
  CHECK(rules->derivations[1].emit.empty());
}

TEST_CASE("what is wrong is refused at its place") {
  CHECK(complaint("{where: 'true'}").find("found no key 'name'") != std::string::npos);
  CHECK(complaint("{name: a}").find("found no key 'where'") != std::string::npos);
  CHECK(complaint("{name: a, where: 'true', emit: [p95]}") ==
        "r.yaml:1:42: found 'p95', expected count or rate, or a `value` to measure");
  CHECK(complaint("{name: a, where: 'true', value: v, emit: [p101]}")
            .starts_with("r.yaml:1:52: found 'p101', expected count, rate, sum"));
  for (const char* word : {"p0", "p", "p-5", "p1e1", "95", "median", "p99_9"}) {
    CHECK(complaint(std::string("{name: a, where: 'true', value: v, emit: ['") + word + "']}")
              .starts_with("r.yaml:1:52: found '"));
  }
  CHECK(complaint("{name: a, where: 'true', value: v, emit: [p95, p95]}") ==
        "r.yaml:1:57: found 'p95', expected each statistic once");
  CHECK(complaint("{name: a, where: 'true', by: [x, '[x]']}") ==
        "r.yaml:1:43: found '[x]', expected each field once");
  CHECK(complaint("{name: a, where: 'true', by: service}")
            .starts_with("r.yaml:1:39: found 'service', expected host or a field that becomes an "
                         "attribute (a step can copy it"));
  CHECK(complaint("{name: a, where: 'true', by: [a, b, c, d, e, f, g, h, i]}") ==
        "r.yaml:1:39: found 9 fields, expected at most 8");
  CHECK(complaint("{name: a, where: 'true', window: 15s}") ==
        "r.yaml:1:43: found 15s, expected a multiple of 10s (series.interval)");
  CHECK(complaint("{name: a, where: 'true', max_groups: 0}")
            .starts_with("r.yaml:1:47: found '0', expected a whole number from 1"));
  CHECK(complaint("{name: a, where: 'true', emits: [count]}") ==
        "r.yaml:1:35: unknown key 'emits', did you mean 'emit'?");
  CHECK(complaint("{name: a, where: 'true'}, {name: a, where: 'true'}")
            .starts_with("r.yaml:1:36: found a second derive rule named 'a'"));
  CHECK(complaint("x").starts_with("r.yaml:1:10: found 'x', expected a map"));
}

}  // namespace
}  // namespace tocsin::rules
