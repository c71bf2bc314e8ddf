#include <doctest/doctest.h>

#include "tests/unit/rules/steps/rig.hpp"

namespace tocsin::rules {
namespace {

using test::applied;
using test::complaint;
using test::Texts;

TEST_CASE("a field that holds JSON") {
  CHECK(applied("      - json: message\n", R"({"a": 1})").attributes == Texts{{"a", "1"}});
  CHECK(applied("      - json: {source: f, target: '[doc][x]', remove_field: f}\n", "",
                {{"f", R"({"a": 1})"}})
            .attributes == Texts{{"doc.x.a", "1"}});
}

TEST_CASE("failure is tagged, unless it is none") {
  CHECK(applied("      - json: message\n", "{").tags ==
        std::vector<std::string>{"_jsonparsefailure"});
  CHECK(applied("      - json: {skip_on_invalid_json: true}\n", "{").tags.empty());
}

TEST_CASE("what is wrong is refused at its place") {
  CHECK(complaint("      - json: {sourec: f}\n") ==
        "5:16: unknown key 'sourec', did you mean 'source'?");
  CHECK(complaint("      - json: [f]\n").starts_with("5:15: found a list, expected the name"));
}

}  // namespace
}  // namespace tocsin::rules
