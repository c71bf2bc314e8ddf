#include "src/app/parse_counts.hpp"

#include <doctest/doctest.h>

#include <map>

#include "src/app/event_program.hpp"
#include "tests/unit/app/stage_fixture.hpp"
#include "tests/unit/rules/derive/taking_intake.hpp"

namespace tocsin::app {
namespace {

const char* const kRules = R"(
parse:
  - name: r
    where: 'true'
    grok: ['^a(?<x>.)', '^b(?<x>.)']
    kv: message
    steps:
      - grok: {match: c, tag_on_failure: []}
      - add_tag: t
derive:
  - {name: d, where: 'true', value: v, by: [g], max_groups: 1}
)";

struct Bench {
  EventProgram program{test::compiled(kRules), std::chrono::minutes(10), nullptr};
  rules::derive::test::TakingIntake intake;
  rules::derive::SampleQueue queue{intake};
  rules::parse::Parser parser{program.parse()};
  rules::derive::Deriver deriver{program.derive(), 1, queue};
  ParseCounts counts{program.parse(), program.derive()};
  ParseSource source{"logs.tcp", "h", "app", {}, 0, 0};
  std::vector<std::uint64_t> overflowed;

  void line(std::string_view text, std::vector<AttributeView> attributes = {}) {
    EventView event;
    event.description = text;
    event.attributes = attributes;
    rules::parse::Record record;
    record.assign(event);
    parser.begin();
    CHECK(parser.apply(program.parse().rules()[0], record));
    const bool failed = parser.failure_count() > 0;
    counts.count_rule(0, failed);
    counts.count_line(source, failed);
    deriver.apply(0, record);
    CHECK(queue.flush());
  }
  // What is told, by series and labels; the samples of derive rules are left out.
  std::map<std::string, double> told() {
    intake.taken.clear();
    counts.tell(parser, deriver, queue, overflowed);
    CHECK(queue.flush());
    return {intake.taken.begin(), intake.taken.end()};
  }
};

TEST_CASE("steps are named by their kind and number within the rule") {
  Bench bench;
  CHECK(bench.counts.step_name(0) == "grok.1");
  CHECK(bench.counts.step_name(1) == "kv.1");
  CHECK(bench.counts.step_name(2) == "grok.2");
  CHECK(bench.counts.step_name(3) == "add_tag.1");
}

TEST_CASE("lines and failures are told by source, program, rule and step, zeros too") {
  Bench bench;
  bench.line("a1 c");
  bench.line("b1 c k=v");
  bench.line("b2 c");
  const std::map<std::string, double> expected = {
      {"tocsin.parse.source.lines on h input=logs.tcp", 3},
      {"tocsin.parse.source.failures on h input=logs.tcp", 0},
      {"tocsin.parse.program.lines program=app", 3},
      {"tocsin.parse.program.failures program=app", 0},
      {"tocsin.parse.rule.lines rule=r", 3},
      {"tocsin.parse.rule.failures rule=r", 0},
      {"tocsin.parse.rule.dropped rule=r", 0},
      {"tocsin.parse.step.failures rule=r step=grok.1", 0},
      {"tocsin.parse.step.give_ups rule=r step=grok.1", 0},
      {"tocsin.parse.pattern.matches pattern=1 rule=r step=grok.1", 1},
      {"tocsin.parse.pattern.matches pattern=2 rule=r step=grok.1", 2},
      {"tocsin.parse.step.failures rule=r step=kv.1", 0},
      {"tocsin.parse.step.give_ups rule=r step=kv.1", 0},
      {"tocsin.parse.step.failures rule=r step=grok.2", 0},
      {"tocsin.parse.step.give_ups rule=r step=grok.2", 0},
      {"tocsin.parse.pattern.matches pattern=1 rule=r step=grok.2", 3},
      {"tocsin.derive.skipped rule=d", 3},
  };
  CHECK(bench.told() == expected);
  CHECK(bench.told().empty());
}

TEST_CASE("failures are counted where they happen") {
  Bench bench;
  bench.line("x c");
  bench.line("a1");
  const auto told = bench.told();
  CHECK(told.at("tocsin.parse.source.failures on h input=logs.tcp") == 2);
  CHECK(told.at("tocsin.parse.rule.failures rule=r") == 2);
  CHECK(told.at("tocsin.parse.step.failures rule=r step=grok.1") == 1);
  CHECK(told.at("tocsin.parse.step.failures rule=r step=grok.2") == 1);
  CHECK(told.count("tocsin.parse.pattern.matches pattern=2 rule=r step=grok.1") == 0);
}

TEST_CASE("what a rule drops is counted") {
  Bench bench;
  bench.line("a1 c");
  bench.counts.count_drop(0);
  CHECK(bench.told().at("tocsin.parse.rule.dropped rule=r") == 1);
}

TEST_CASE("samples of groups beyond a limit are told, and whose they are") {
  Bench bench;
  bench.line("a1 c", {{"v", "1"}, {"g", "one"}});
  CHECK(bench.told().count("tocsin.derive.overflow rule=d") == 0);
  CHECK(bench.overflowed == std::vector<std::uint64_t>{0});
  bench.line("a1 c", {{"v", "1"}, {"g", "two"}});
  bench.line("a1 c", {{"v", "1"}, {"g", "three"}});
  const auto told = bench.told();
  CHECK(told.at("tocsin.derive.overflow rule=d") == 2);
  CHECK(told.count("tocsin.derive.skipped rule=d") == 0);
  CHECK(bench.overflowed == std::vector<std::uint64_t>{2});
}

}  // namespace
}  // namespace tocsin::app
