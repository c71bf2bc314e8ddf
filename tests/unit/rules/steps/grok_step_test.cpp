#include <doctest/doctest.h>

#include "tests/unit/rules/steps/rig.hpp"

namespace tocsin::rules {
namespace {

using test::applied;
using test::complaint;
using test::complaints;
using test::Texts;

TEST_CASE("a pattern, or a list of them, is tried on the message") {
  CHECK(applied("      - grok: '%{WORD:verb} %{INT:status:int}'\n", "GET 200").attributes ==
        Texts{{"verb", "GET"}, {"status", "200"}});
  CHECK(applied("      - grok: ['^%{INT:n}$', '^%{WORD:w}$']\n", "x").attributes ==
        Texts{{"w", "x"}});
  const auto failed = applied("      - grok: '^%{INT:n}$'\n", "x");
  CHECK(failed.tags == std::vector<std::string>{"_grokparsefailure"});
  REQUIRE(failed.explanations.size() == 1);
  CHECK_FALSE(failed.explanations[0].empty());
}

TEST_CASE("another field, or several") {
  CHECK(applied("      - grok: {field: f, match: '%{INT:n}'}\n", "1", {{"f", "2"}}).attributes ==
        Texts{{"f", "2"}, {"n", "2"}});
  CHECK(applied("      - grok: {match: {f: ['x', '^%{INT:n}'], message: '%{INT:m}'},"
                " break_on_match: false}\n",
                "1", {{"f", "2"}})
            .attributes == Texts{{"f", "2"}, {"m", "1"}, {"n", "2"}});
}

TEST_CASE("all options of Logstash's filter") {
  const auto made = applied(
      "      - grok:\n"
      "          match: '%{TWO:[a][b]} %{LONG} %{GREEDYDATA:message}(?<none>x)?(?<empty>)'\n"
      "          pattern_definitions: {TWO: '[a-z]{2}', LONG: '\\w+'}\n"
      "          named_captures_only: false\n"
      "          keep_empty_captures: true\n"
      "          overwrite: message\n"
      "          target: g\n"
      "          tag_on_failure: []\n"
      "          tag_on_timeout: slow\n"
      "          timeout_millis: 100\n"
      "          timeout_scope: event\n"
      "          add_field: {'was_%{[g][a][b]}': yes}\n"
      "          add_tag: [parsed, ok]\n"
      "          remove_field: f\n"
      "          remove_tag: none\n",
      "ab longer rest", {{"f", "1"}});
  CHECK(made.attributes == Texts{{"g.a.b", "ab"},
                                 {"g.LONG", "longer"},
                                 {"g.message", "rest"},
                                 {"g.empty", ""},
                                 {"was_ab", "yes"}});
  CHECK(made.tags == std::vector<std::string>{"parsed", "ok"});
  CHECK(applied("      - grok: {match: x, tag_on_failure: [a, b]}\n", "?").tags ==
        std::vector<std::string>{"a", "b"});
  CHECK(applied("      - grok: {match: x, tag_on_failure: []}\n", "?").tags.empty());
}

TEST_CASE("both pattern sets, under both names of the option") {
  const std::string line = "Nov 21 02:51:52 web-1 app[12]: x";
  const auto legacy = applied("      - grok: '%{SYSLOGBASE} x'\n", line);
  CHECK(legacy.attributes.at("program") == "app");
  CHECK(legacy.attributes.at("pid") == "12");
  for (const char* option : {"pattern_set: ecs-v1", "ecs_compatibility: v8"}) {
    const auto ecs =
        applied(std::string("      - grok: {match: '%{SYSLOGBASE} x', ") + option + "}\n", line);
    CHECK(ecs.attributes.at("process.name") == "app");
  }
}

TEST_CASE("a wrong expression is refused at its own place") {
  CHECK(complaint("      - grok: 'a(b'\n").starts_with("5:17: "));
  CHECK(complaint("      - grok: '%{NOPE:x}'\n").starts_with("5:16: "));
  CHECK(complaint("      - grok: {match: [A, '%{INT:n} (']}\n").starts_with("5:37: found a group"));
  CHECK(complaint("      - grok: {match: '%{X}', pattern_definitions: {X: 'a\\p{Bogus}'}}\n")
            .starts_with("5:58: "));
}

TEST_CASE("wrong options are refused at their places") {
  CHECK(complaints("      - grok: {pattern: x}\n").size() == 2);
  CHECK(complaint("      - grok: {match: x, braek_on_match: true}\n") ==
        "5:26: unknown key 'braek_on_match', did you mean 'break_on_match'?");
  CHECK(complaint("      - grok: {match: x, timeout_millis: 0}\n")
            .starts_with("5:42: found '0', expected a whole number from 1 to 30000"));
  CHECK(complaint("      - grok: {match: x, pattern_set: new}\n")
            .starts_with("5:39: found 'new', expected legacy or ecs-v1"));
  CHECK(complaint("      - grok: {match: {f: x}, field: g}\n")
            .find("found both `field` and fields in `match`") != std::string::npos);
  CHECK(complaint("      - grok: {match: [message, '%{INT:n}']}\n")
            .starts_with("5:23: found a list of fields and patterns in turn, expected a map"));
  CHECK(complaint("      - grok: {match: x, pattern_set: ecs-v1, ecs_compatibility: disabled}\n")
            .find("found both `pattern_set` and `ecs_compatibility`") != std::string::npos);
  CHECK(complaint("      - grok: {match: x, patterns_dir: nowhere}\n").starts_with("5:40: "));
  CHECK(complaint("      - grok: []\n").starts_with("5:15: found a list, expected a grok pattern"));
  CHECK(complaint("      - grok:\n").starts_with("5:9: found nothing, expected a grok pattern"));
}

TEST_CASE("where the shipped patterns are missing, that is said of names that are unknown") {
  Vocabulary vocabulary = tests::vocabulary();
  vocabulary.patterns = "/nowhere";
  const RuleFile file{"r.yaml", test::rule_of("      - grok: '%{INT:n}'\n")};
  const auto loaded = parse_rules({&file, 1}, vocabulary);
  REQUIRE(loaded.errors.size() == 1);
  CHECK(loaded.errors[0].text.find("(the shipped patterns were not found in /nowhere)") !=
        std::string::npos);
}

}  // namespace
}  // namespace tocsin::rules
