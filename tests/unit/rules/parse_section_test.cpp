#include <doctest/doctest.h>

#include "tests/unit/rules/steps/rig.hpp"

namespace tocsin::rules {
namespace {

using test::applied;
using test::complaint;
using test::Texts;

RuleSetPtr loaded(const std::string& yaml) {
  const RuleFile file{"r.yaml", yaml};
  const auto loaded = parse_rules({&file, 1}, test::vocabulary());
  for (const Error& error : loaded.errors) FAIL_CHECK(error.message());
  REQUIRE(loaded);
  return *loaded.value;
}

std::string complaint_about(const std::string& yaml) {
  const RuleFile file{"r.yaml", yaml};
  const auto loaded = parse_rules({&file, 1}, test::vocabulary());
  REQUIRE(loaded.errors.size() == 1);
  return loaded.errors[0].message();
}

TEST_CASE("a rule has a name, a condition, and operations in the order in which they stand") {
  const RuleSetPtr rules = loaded(R"(
parse:
  - name: access
    where: service = "apache"
    grok: '%{WORD:verb}'
    mutate: {uppercase: verb}
    keep: failures
    add_tag: parsed
  - where: type = "x"
    kv: message
)");
  REQUIRE(rules->parse->rules().size() == 2);
  const parse::Rule& rule = rules->parse->rules()[0];
  CHECK(rule.name == "access");
  CHECK(rule.keep == parse::Keep::kFailures);
  CHECK(rule.where.to_string() == "service = \"apache\"");
  CHECK(rules->parse->rules()[1].name == "type = \"x\"");
  CHECK(rules->parse->rules()[1].keep == parse::Keep::kAll);
  std::string steps;
  for (const auto& numbered : rules->parse->steps()) {
    steps += numbered.step->kind + " " + numbered.step->place + "; ";
  }
  CHECK(steps == "grok r.yaml:5:5; mutate r.yaml:6:5; add_tag r.yaml:8:5; kv r.yaml:10:5; ");
}

TEST_CASE("operations stand at the rule, in steps, or in both") {
  CHECK(applied("      - {add_field: {a: '1'}, remove_field: a}\n"
                "      - add_field: {b: '2'}\n"
                "      - steps: [{add_field: {c: '3'}}, {add_tag: t}]\n",
                "")
            .attributes == Texts{{"b", "2"}, {"c", "3"}});
  CHECK(applied("      - add_tag: [t, u]\n        remove_tag: t\n", "").tags ==
        std::vector<std::string>{"u"});
}

TEST_CASE("conditions choose, also within each other") {
  const std::string steps =
      "      - when: n > 5\n"
      "        add_field: {size: large}\n"
      "        steps:\n"
      "          - when: n > 50\n"
      "            add_tag: huge\n"
      "        else:\n"
      "          - when: missing(n)\n"
      "            drop: true\n"
      "          - add_field: {size: small}\n"
      "      - add_tag: seen\n";
  CHECK(applied(steps, "", {{"n", "7"}}).attributes.at("size") == "large");
  CHECK(applied(steps, "", {{"n", "7"}}).tags == std::vector<std::string>{"seen"});
  CHECK(applied(steps, "", {{"n", "70"}}).tags == std::vector<std::string>{"huge", "seen"});
  CHECK(applied(steps, "", {{"n", "1"}}).attributes.at("size") == "small");
  CHECK_FALSE(applied(steps, "").kept);
}

TEST_CASE("a failure is seen by what follows") {
  const auto made = applied(
      "      - grok: '^%{INT:n}$'\n"
      "      - when: tagged '_grokparsefailure'\n"
      "        grok: '^%{WORD:w}$'\n"
      "        remove_tag: _grokparsefailure\n",
      "x");
  CHECK(made.attributes == Texts{{"w", "x"}});
  CHECK(made.tags.empty());
}

TEST_CASE("what is wrong with a step is refused at its place") {
  CHECK(complaint("      - {}\n").starts_with("5:9: found a step that does nothing"));
  CHECK(complaint("      - when: 'true'\n").starts_with("5:9: found a step that does nothing"));
  CHECK(complaint("      - add_tag: x\n        else: [{drop: true}]\n")
            .starts_with("6:15: found else without when"));
  CHECK(complaint("      - drop: yes\n") == "5:15: found 'yes', expected drop: true");
  CHECK(complaint("      - grko: x\n") == "5:9: unknown key 'grko', did you mean 'grok'?");
  CHECK(complaint("      - when: 'n >'\n        drop: true\n").starts_with("5:1"));
  CHECK(complaint("      - grok\n") ==
        "5:9: found 'grok', expected a step such as 'grok: PATTERN' or 'drop: true'");
}

TEST_CASE("what is wrong with a rule is refused at its place") {
  CHECK(complaint_about("parse: x\n") ==
        "r.yaml:1:8: found 'x', expected a list of parse rules ('- where: ...')");
  CHECK(complaint_about("parse: [{name: a, where: 'true'}]\n")
            .starts_with("r.yaml:1:9: found a parse rule that does nothing"));
  CHECK(complaint_about("parse: [{kv: message}]\n").find("found no key 'where'") !=
        std::string::npos);
  CHECK(
      complaint_about("parse: [{where: 'true', when: 'true', kv: message}]\n")
          .starts_with("r.yaml:1:25: found when in a parse rule, expected it in one of its steps"));
  CHECK(complaint_about("parse: [{where: 'true', keep: some, kv: message}]\n") ==
        "r.yaml:1:31: found 'some', expected all, failures or nothing");
  CHECK(complaint_about(
            "parse:\n  - {name: a, where: 'true', kv: m}\n  - {name: a, where: 'true', kv: m}\n")
            .starts_with("r.yaml:3:5: found a second parse rule named 'a'"));
}

}  // namespace
}  // namespace tocsin::rules
