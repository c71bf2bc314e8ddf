#include "src/rules/parse/parser.hpp"

#include <doctest/doctest.h>

#include <utility>

#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

// Does what it is told, and leaves its name in a list.
class Scripted final : public Operation {
 public:
  Scripted(std::string name, Outcome outcome) : name_(std::move(name)), outcome_(outcome) {}

  std::unique_ptr<Memory> make_memory() const override {
    auto memory = std::make_unique<Memory>();
    memory->pattern_matches.resize(1);
    return memory;
  }
  Outcome apply(Record& record, Memory* memory) const override {
    (void)record.store(test::name("done"), Value::text(name_));
    if (outcome_ == Outcome::kDone) ++memory->pattern_matches[0];
    return outcome_;
  }
  std::vector<std::string> patterns() const override { return {name_}; }
  std::string explain(const Record&, const Memory*) const override { return name_ + " cannot"; }

 private:
  std::string name_;
  Outcome outcome_;
};

Step step(std::string name, Outcome outcome) {
  Step made;
  made.kind = name;
  made.operation = std::make_unique<Scripted>(std::move(name), outcome);
  made.on_success.add_tag.push_back(TextTemplate::parse("ok"));
  made.tag_on_failure = {"_failure"};
  made.tag_on_give_up = {"_timeout"};
  return made;
}

template <class... Item>
std::vector<Rule> rule_of(Item&&... items) {
  std::vector<Rule> rules(1);
  rules[0].name = "r";
  (rules[0].items.emplace_back(std::forward<Item>(items)), ...);
  return rules;
}

std::unique_ptr<Choice> choice(const char* when, Items then, Items otherwise = {}) {
  auto made = std::make_unique<Choice>();
  made->when = *query::Predicate::parse(when);
  made->then = std::move(then);
  made->otherwise = std::move(otherwise);
  return made;
}

template <class... Item>
Items items(Item&&... all) {
  Items made;
  (made.emplace_back(std::forward<Item>(all)), ...);
  return made;
}

TEST_CASE("steps run in order, and failing ones end nothing") {
  const Program program(
      rule_of(step("a", Outcome::kFailed), step("b", Outcome::kDone), step("c", Outcome::kDone)));
  Parser parser(program);
  test::Rig rig;
  parser.begin();
  CHECK(parser.apply(program.rules()[0], rig.record));
  CHECK(rig.text("done") == R"(["a","b","c"])");
  CHECK(rig.tags() == std::vector<std::string>{"_failure", "ok"});
  REQUIRE(parser.failure_count() == 1);
  CHECK(parser.failure(0).step == 0);
  CHECK(parser.failure(0).explanation == "a cannot");
}

TEST_CASE("each outcome has its tags and is counted") {
  const Program program(rule_of(step("done", Outcome::kDone), step("skip", Outcome::kSkipped),
                                step("fail", Outcome::kFailed), step("stop", Outcome::kGaveUp)));
  const std::vector<std::string> tags[] = {{"ok"}, {}, {"_failure"}, {"_timeout"}};
  for (std::uint32_t i = 0; i < 4; ++i) {
    const auto& name = program.steps()[i].step->kind;
    CAPTURE(name);
    const Program single(rule_of(step(name, i == 0   ? Outcome::kDone
                                            : i == 1 ? Outcome::kSkipped
                                            : i == 2 ? Outcome::kFailed
                                                     : Outcome::kGaveUp)));
    Parser parser(single);
    for (int n = 0; n < 3; ++n) {
      test::Rig rig;
      parser.begin();
      CHECK(parser.apply(single.rules()[0], rig.record));
      CHECK(rig.tags() == tags[i]);
      CHECK(parser.failure_count() == (i >= 2 ? 1 : 0));
    }
    Parser::Tally tally;
    parser.take_tally(0, tally);
    CHECK(tally.done == (i == 0 ? 3 : 0));
    CHECK(tally.failed == (i == 2 ? 3 : 0));
    CHECK(tally.gave_up == (i == 3 ? 3 : 0));
    CHECK(tally.tried() == (i == 1 ? 0 : 3));
    CHECK(tally.patterns == std::vector<std::uint64_t>{i == 0 ? 3U : 0U});
    parser.take_tally(0, tally);
    CHECK(tally.tried() == 0);
    CHECK(tally.patterns == std::vector<std::uint64_t>{0});
  }
}

TEST_CASE("what a field cannot take on success is a failure") {
  Step adds = step("a", Outcome::kDone);
  adds.on_success.add_field.push_back({TargetName("metric"), {TextTemplate::parse("x")}});
  const Program program(rule_of(std::move(adds)));
  Parser parser(program);
  test::Rig rig;
  CHECK(parser.apply(program.rules()[0], rig.record));
  CHECK(parser.failure_count() == 1);
}

TEST_CASE("a choice is made on the record as it is by then") {
  const Program program(rule_of(choice("tagged '_failure'", items(step("before", Outcome::kDone))),
                                step("a", Outcome::kFailed),
                                choice("tagged '_failure'", items(step("then", Outcome::kDone)),
                                       items(step("else", Outcome::kDone))),
                                choice("tagged 'nothing'", items(step("then2", Outcome::kDone)),
                                       items(step("else2", Outcome::kDone)))));
  CHECK(program.steps().size() == 6);
  CHECK(program.steps()[5].step->kind == "else2");
  Parser parser(program);
  test::Rig rig;
  CHECK(parser.apply(program.rules()[0], rig.record));
  CHECK(rig.text("done") == R"(["a","then","else2"])");
}

TEST_CASE("a drop ends the record, whatever stands around it") {
  const Program program(rule_of(choice("true", items(choice("host = 'web-1'", items(Drop{})))),
                                step("behind", Outcome::kDone)));
  Parser parser(program);
  test::Rig rig;
  CHECK_FALSE(parser.apply(program.rules()[0], rig.record));
  CHECK(rig.text("done") == "(none)");
}

TEST_CASE("few failures are explained at once, all of them are told of") {
  const Program program(rule_of(step("a", Outcome::kFailed)));
  Parser parser(program);
  int explained = 0;
  const auto fail = [&](int times) {
    for (int i = 0; i < times; ++i) {
      test::Rig rig;
      parser.begin();
      CHECK(parser.apply(program.rules()[0], rig.record));
      REQUIRE(parser.failure_count() == 1);
      explained += parser.failure(0).explanation.empty() ? 0 : 1;
    }
  };
  fail(10);
  CHECK(explained == Parser::kExplanations);
  parser.refill();
  fail(10);
  CHECK(explained == 2 * Parser::kExplanations);
}

}  // namespace
}  // namespace tocsin::rules::parse
