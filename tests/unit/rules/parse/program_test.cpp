#include "src/rules/parse/program.hpp"

#include <doctest/doctest.h>

#include <utility>

namespace tocsin::rules::parse {
namespace {

class Nothing final : public Operation {
 public:
  Outcome apply(Record&, Memory*) const override { return Outcome::kDone; }
  std::string explain(const Record&, const Memory*) const override { return {}; }
};

Step step(std::string kind) {
  Step made;
  made.kind = std::move(kind);
  made.operation = std::make_unique<Nothing>();
  return made;
}

TEST_CASE("steps are numbered over all rules, in the order in which they may run") {
  std::vector<Rule> rules(2);
  rules[0].items.emplace_back(step("a"));
  auto choice = std::make_unique<Choice>();
  choice->then.emplace_back(step("b"));
  choice->then.emplace_back(Drop{});
  choice->otherwise.emplace_back(step("c"));
  rules[0].items.emplace_back(std::move(choice));
  rules[1].items.emplace_back(step("d"));
  const Program program(std::move(rules));
  REQUIRE(program.steps().size() == 4);
  std::string kinds;
  for (std::uint32_t i = 0; i < 4; ++i) {
    const Program::NumberedStep& numbered = program.steps()[i];
    CHECK(numbered.step->number == i);
    CHECK(numbered.rule == (i < 3 ? 0 : 1));
    kinds += numbered.step->kind;
  }
  CHECK(kinds == "abcd");
}

TEST_CASE("no rules are a program too") {
  CHECK(Program().steps().empty());
  CHECK(Program(std::vector<Rule>()).rules().empty());
}

}  // namespace
}  // namespace tocsin::rules::parse
