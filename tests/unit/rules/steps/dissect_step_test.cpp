#include <doctest/doctest.h>

#include "tests/unit/rules/steps/rig.hpp"

namespace tocsin::rules {
namespace {

using test::applied;
using test::complaint;
using test::Texts;

TEST_CASE("a mapping, of the message or of another field") {
  CHECK(applied("      - dissect: '%{a} %{b}'\n", "x y").attributes ==
        Texts{{"a", "x"}, {"b", "y"}});
  CHECK(applied("      - dissect: {field: f, mapping: '%{a}-%{b}'}\n", "", {{"f", "1-2"}})
            .attributes == Texts{{"a", "1"}, {"b", "2"}, {"f", "1-2"}});
  CHECK(applied("      - dissect: {mapping: {f: '%{a}-%{b}'}}\n", "", {{"f", "1-2"}}).attributes ==
        Texts{{"a", "1"}, {"b", "2"}, {"f", "1-2"}});
}

TEST_CASE("options, and the tag of failure") {
  const auto made = applied(
      "      - dissect: {mapping: '%{n} %{x}', convert_datatype: {n: int, x: float}, add_tag: t}\n",
      "12 0.50");
  CHECK(made.attributes == Texts{{"n", "12"}, {"x", "0.5"}});
  CHECK(made.tags == std::vector<std::string>{"t"});
  CHECK(applied("      - dissect: '%{a}: %{b}'\n", "x").tags ==
        std::vector<std::string>{"_dissectfailure"});
}

TEST_CASE("what is wrong is refused at its place") {
  CHECK(complaint("      - dissect: '%{a}%{b}'\n") ==
        "5:23: found two fields side by side, expected a delimiter between them");
  CHECK(complaint("      - dissect: {mapping: {f: 'x %{a'}}\n").starts_with("5:35: found a field"));
  CHECK(complaint("      - dissect: {mapping: '%{a}', convert_datatype: {a: integer}}\n") ==
        "5:58: found 'integer', expected int or float");
  CHECK(test::complaints("      - dissect: {mappings: '%{a}'}\n").size() == 2);
  CHECK(complaint("      - dissect: [a]\n").starts_with("5:18: found a list, expected a mapping"));
}

}  // namespace
}  // namespace tocsin::rules
