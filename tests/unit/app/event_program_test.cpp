#include "src/app/event_program.hpp"

#include <doctest/doctest.h>

#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

EventProgram program_of(const std::string& yaml, const EventProgram* before = nullptr) {
  return {test::compiled(yaml), std::chrono::minutes(90), before};
}

TEST_CASE("a plan holds the rules that may concern an identity, and what is left to ask") {
  const EventProgram program = program_of(R"(
parse:
  - {name: a, where: service = "apache", add_tag: x}
  - {name: b, where: service = "rails" and type = "x", add_tag: x}
  - {name: c, where: type = "y", add_tag: x}
derive:
  - {name: d, where: host = "h"}
  - {name: e, where: service = "apache" and status >= 500}
)");
  CHECK_FALSE(program.empty());
  EventPlan plan;
  program.plan({SeriesKind::kEvent, "h", "apache", {}, {}}, plan);
  REQUIRE(plan.parse.size() == 2);
  CHECK(plan.parse[0].index == 0);
  CHECK(plan.parse[0].residue.is_always());
  CHECK(plan.parse[1].index == 2);
  CHECK(plan.parse[1].residue.to_string() == "type = \"y\"");
  REQUIRE(plan.derive.size() == 2);
  CHECK(plan.derive[0].index == 0);
  CHECK(plan.derive[1].index == 1);
  CHECK(plan.derive[1].residue.to_string() == "status >= 500");
  program.plan({SeriesKind::kEvent, "x", "other", {}, {}}, plan);
  CHECK(plan.parse.size() == 1);
  CHECK(plan.derive.empty());
}

TEST_CASE("without rules there is nothing to ask") {
  CHECK(program_of("").empty());
}

TEST_CASE("watches, services and receivers of events follow them; publishing values does not") {
  const auto follows = [](const std::string& yaml, std::string_view publish = "false",
                          std::string_view forward = "false") {
    std::vector<query::Predicate> forwards;
    forwards.push_back(test::predicate(forward));
    const EventProgram program(test::compiled(yaml, 1, publish, std::move(forwards)),
                               std::chrono::minutes(90), nullptr);
    return program.follows({SeriesKind::kEvent, "h", "web", {}, {}});
  };
  CHECK_FALSE(follows(""));
  CHECK_FALSE(follows("derive:\n  - {name: d, where: 'true'}\n"));
  CHECK_FALSE(follows("", "true"));
  CHECK(follows("", "false", "host = \"h\""));
  CHECK(follows("watch:\n  - {name: w, where: service = \"web\", critical: metric > 1}\n"));
  CHECK_FALSE(follows("watch:\n  - {name: w, where: service = \"db\", critical: metric > 1}\n"));
  CHECK(follows("service:\n  - {name: s, members: {where: 'service = \"web\"', by: host}}\n"));
}

TEST_CASE("groups are known over a reload, for as long as their series live") {
  const char* const rules = "derive:\n  - {name: d, where: 'true', by: [a]}\n";
  const EventProgram before = program_of(rules);
  const EventProgram after = program_of(rules, &before);
  CHECK(after.derive().rules()[0].roster == before.derive().rules()[0].roster);
  CHECK(after.derive().rules()[0].roster->ttl_minutes() == 90);
}

}  // namespace
}  // namespace tocsin::app
