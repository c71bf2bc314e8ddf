#include <doctest/doctest.h>

#include "tests/unit/rules/steps/rig.hpp"

namespace tocsin::rules {
namespace {

using test::applied;
using test::complaint;
using test::Texts;

TEST_CASE("pairs of a field") {
  CHECK(applied("      - kv: message\n", "a=1 b=2").attributes == Texts{{"a", "1"}, {"b", "2"}});
  CHECK(applied("      - kv: {source: f, target: q, field_split: '&?', remove_field: f}\n", "",
                {{"f", "/x?a=1&b=2"}})
            .attributes == Texts{{"q.a", "1"}, {"q.b", "2"}});
}

TEST_CASE("each option reaches the operation") {
  const std::pair<const char*, Texts> cases[] = {
      {"value_split: ':'", {{"c", "3"}}},
      {"prefix: p_", {{"p_a", "1"}, {"p_b", "<2>"}}},
      {"field_split_pattern: '\\s+'", {{"a", "1"}, {"b", "<2>"}}},
      {"value_split_pattern: '[:]'", {{"c", "3"}}},
      {"include_keys: [a]", {{"a", "1"}}},
      {"exclude_keys: [a]", {{"b", "<2>"}}},
      {"default_keys: {d: '4', a: '0'}", {{"a", "1"}, {"b", "<2>"}, {"d", "4"}}},
      {"trim_value: '<>'", {{"a", "1"}, {"b", "2"}}},
      {"trim_key: a", {{"", "1"}, {"b", "<2>"}}},
      {"remove_char_value: '<'", {{"a", "1"}, {"b", "2>"}}},
      {"remove_char_key: b", {{"a", "1"}, {"", "<2>"}}},
      {"transform_key: uppercase", {{"A", "1"}, {"B", "<2>"}}},
      {"transform_value: capitalize", {{"a", "1"}, {"b", "<2>"}}},
      {"include_brackets: false", {{"a", "1"}, {"b", "<2>"}}},
      {"whitespace: strict", {{"a", "1"}, {"b", "<2>"}}},
      {"allow_duplicate_values: false", {{"a", "1"}, {"b", "<2>"}}},
      {"allow_empty_values: true", {{"a", "1"}, {"b", "<2>"}, {"e", ""}}},
      {"recursive: true", {{"a", "1"}, {"b", "<2>"}}},
  };
  for (const auto& [option, attributes] : cases) {
    CAPTURE(std::string(option));
    Texts expected = attributes;
    const bool unwraps = std::string_view(option) != "include_brackets: false";
    if (unwraps) {
      for (auto& [key, value] : expected) {
        if (value == "<2>" || value == "2>") value = "2";
      }
    }
    CHECK(applied(std::string("      - kv: {") + option + "}\n", "a=1 b=<2> c:3 a=1 e=")
              .attributes.size() >= expected.size());
    const auto made = applied(std::string("      - kv: {") + option + "}\n", "a=1 b=<2> c:3 e=");
    CHECK(made.attributes == expected);
  }
}

TEST_CASE("what is wrong is refused at its place") {
  CHECK(complaint("      - kv: {field_split_pattern: 'a('}\n").starts_with("5:37: "));
  CHECK(complaint("      - kv: {whitespace: some}\n")
            .starts_with("5:26: found 'some', expected lenient or strict"));
  CHECK(complaint("      - kv: {feild_split: x}\n") ==
        "5:14: unknown key 'feild_split', did you mean 'field_split'?");
}

}  // namespace
}  // namespace tocsin::rules
