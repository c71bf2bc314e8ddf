#include <doctest/doctest.h>

#include "tests/unit/rules/steps/rig.hpp"

namespace tocsin::rules {
namespace {

using test::applied;
using test::complaint;
using test::Texts;

Texts mutated(const std::string& changes, std::vector<AttributeView> attributes) {
  return applied("      - mutate: {" + changes + "}\n", "", std::move(attributes)).attributes;
}

TEST_CASE("each change") {
  const std::vector<AttributeView> in = {{"a", " x-1 "}, {"n", "7ms"}};
  CHECK(mutated("rename: {a: '[b][c]'}", in) == Texts{{"b.c", " x-1 "}, {"n", "7ms"}});
  CHECK(mutated("update: {a: u, z: u}", in) == Texts{{"a", "u"}, {"n", "7ms"}});
  CHECK(mutated("replace: {z: '%{n}!'}", in) == Texts{{"a", " x-1 "}, {"n", "7ms"}, {"z", "7ms!"}});
  CHECK(mutated("convert: {n: integer}", in) == Texts{{"a", " x-1 "}, {"n", "7"}});
  CHECK(mutated("gsub: [a, '-', '']", in) == Texts{{"a", " x1 "}, {"n", "7ms"}});
  CHECK(mutated("gsub: [[a, '-', '+'], [n, '\\d', '#']]", in) ==
        Texts{{"a", " x+1 "}, {"n", "#ms"}});
  CHECK(mutated("gsub: [a, '-', '+', n, 'ms', '']", in) == Texts{{"a", " x+1 "}, {"n", "7"}});
  CHECK(mutated("uppercase: [a, n]", in) == Texts{{"a", " X-1 "}, {"n", "7MS"}});
  CHECK(mutated("lowercase: a", {{"a", "X"}}) == Texts{{"a", "x"}});
  CHECK(mutated("capitalize: a", {{"a", "xY"}}) == Texts{{"a", "Xy"}});
  CHECK(mutated("strip: a", in) == Texts{{"a", "x-1"}, {"n", "7ms"}});
  CHECK(mutated("split: {a: '-'}", {{"a", "1-2"}}) == Texts{{"a", R"(["1","2"])"}});
  CHECK(mutated("split: {a: '-'}, join: {a: '+'}", {{"a", "1-2"}}) == Texts{{"a", "1+2"}});
  CHECK(mutated("merge: {a: [b, c]}", {{"a", "1"}, {"b", "2"}, {"c", "3"}}) ==
        Texts{{"a", R"(["1","2","3"])"}, {"b", "2"}, {"c", "3"}});
  CHECK(mutated("copy: {a: b}", {{"a", "1"}}) == Texts{{"a", "1"}, {"b", "1"}});
  CHECK(mutated("add_field: {b: x}, remove_field: a", {{"a", "1"}}) == Texts{{"b", "x"}});
}

TEST_CASE("changes come in Logstash's order, not in that of the file") {
  CHECK(mutated("uppercase: b, copy: {b: c}, gsub: [b, x, y], rename: {a: b}", {{"a", "x"}}) ==
        Texts{{"b", "Y"}, {"c", "Y"}});
}

TEST_CASE("coerce gives null fields a value") {
  CHECK(applied("      - json: message\n      - mutate: {coerce: {a: none, z: none}}\n",
                R"({"a": null})")
            .attributes == Texts{{"a", "none"}});
}

TEST_CASE("failure is tagged, and has no success") {
  const auto failed =
      applied("      - mutate: {replace: {metric: x}, add_tag: done, tag_on_failure: f}\n", "");
  CHECK(failed.tags == std::vector<std::string>{"f"});
  CHECK(applied("      - mutate: {replace: {metric: x}}\n", "").tags ==
        std::vector<std::string>{"_mutate_error"});
}

TEST_CASE("what is wrong is refused at its place") {
  CHECK(complaint("      - mutate: {convert: {a: int}}\n")
            .starts_with("5:31: found 'int', expected integer, float, string, boolean"));
  CHECK(complaint("      - mutate: {gsub: [a, b]}\n")
            .starts_with("5:24: found a list, expected [FIELD"));
  CHECK(complaint("      - mutate: {gsub: [[a, b]]}\n")
            .starts_with("5:25: found a list, expected [FIELD"));
  CHECK(complaint("      - mutate: {gsub: [a, '(', '']}\n").starts_with("5:29: "));
  CHECK(complaint("      - mutate: {renmae: {a: b}}\n") ==
        "5:18: unknown key 'renmae', did you mean 'rename'?");
  CHECK(complaint("      - mutate: {rename: a}\n") ==
        "5:26: found 'a', expected a map of 'field: new name'");
  CHECK(complaint("      - mutate: {}\n").starts_with("5:17: found a mutate that changes nothing"));
  CHECK(complaint("      - mutate: x\n").starts_with("5:17: found 'x', expected a map"));
}

}  // namespace
}  // namespace tocsin::rules
