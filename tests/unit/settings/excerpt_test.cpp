#include "src/settings/excerpt.hpp"

#include <doctest/doctest.h>

#include "src/settings/yaml.hpp"
#include "tests/unit/settings/bad_files.hpp"

namespace tocsin::settings {
namespace {

// The position of the first '!' of the value of the key `a`, as the excerpt has it.
Position found_position(std::string_view yaml) {
  Complaints complaints("f");
  const auto environment = [](std::string_view name) -> std::optional<std::string> {
    if (name == "LONG") return "a long value indeed";
    return std::nullopt;
  };
  const auto root = parse_yaml(yaml, environment, complaints);
  REQUIRE(root);
  const Excerpt& scalar = (*root)->entries.at(0).value->scalar;
  return scalar.position(scalar.text.find('!'));
}

TEST_CASE("a character of a scalar is found where it stands in the file") {
  const char* const scalars[] = {
      "a: x !",
      "a:   x!  # comment",
      "a: 'x !'",
      "a: 'it''s ''here''!'",
      "a: \"x !\"",
      R"(a: "tab\t quote\" \u00e4 \x41 !")",
      "a: \"joined \\\n   line !\"",
      "a: |\n  one\n  two !\n",
      "a: |2-\n    indented\n   two !\n",
      "a: >\n  one\n  two\n\n  three !\n",
      "a: one\n  two\n  three !\n",
      "a: 'one\n\n  two !'",
      "a: &anchor x !",
      "a: ${LONG} then !",
      "a: ${NO:-longer than that} then !",
      "a: $${x} !",
      "{a: \"joined\nline !\"}",
      "{a: \"x \\\ny !\"}",
      "a: 'gr\xC3\xB6\xC3\x9F"
      "e !'",
  };
  for (const std::string_view yaml : scalars) {
    CAPTURE(yaml);
    const SourceText source(yaml);
    CHECK(found_position(yaml) == source.position(yaml.find('!')));
  }
}

TEST_CASE("line and column within the text lead to line and column in the file") {
  Complaints complaints("f");
  const auto root = parse_yaml("a: |\n    one\n    two\n", tests::empty_environment, complaints);
  const Excerpt& scalar = (*root)->entries.at(0).value->scalar;
  CHECK(scalar.position("1:1") == Position{2, 5});
  CHECK(scalar.position("2:3") == Position{3, 7});
  SUBCASE("beyond the end is the end") {
    CHECK(scalar.position("1:99") == Position{2, 8});
    CHECK(scalar.position("2:99") == Position{3, 8});
    CHECK(scalar.position("3:1") == Position{3, 8});  // behind the last line feed
  }
  SUBCASE("what is no position is the start") {
    for (const char* bad : {"", "x", "1", "1:", "0:1", "1:0", "9:1", ":"}) {
      CAPTURE(bad);
      CHECK(scalar.position(std::string_view(bad)) == Position{2, 5});
    }
  }
}

TEST_CASE("whatever a variable stands for stands where the variable does") {
  Complaints complaints("f");
  const auto environment = [](std::string_view name) -> std::optional<std::string> {
    return std::string(name) + " is a long value\nof two lines";
  };
  const auto root = parse_yaml("a: x ${VARIABLE} y\n", environment, complaints);
  const Excerpt& scalar = (*root)->entries.at(0).value->scalar;
  CHECK(scalar.position(std::size_t{1}) == Position{1, 5});
  for (std::size_t at = scalar.text.find("VAR"); at < scalar.text.rfind(" y"); ++at) {
    CHECK(scalar.position(at) == Position{1, 6});
  }
  CHECK(scalar.position(scalar.text.rfind('y')) == Position{1, 18});
}

TEST_CASE(
    "the end of a scalar is where its last character ends, whatever YAML made of what follows") {
  struct Row {
    std::string_view yaml;
    Position end;
  };
  const Row rows[] = {
      {"a: x y", {1, 7}},           {"a: 'x y'  ", {1, 8}},       {"a: |\n  x y\n\n", {2, 6}},
      {"a: |+\n  x\n\n\n", {2, 4}}, {"a: >-\n  x y\n  ", {2, 6}}, {"a: >\n  x\n  y\n", {3, 4}},
      {"a: ${V}", {1, 8}},          {"a: ${V} x", {1, 10}},       {"a: |\n  ${V}\n", {2, 7}},
      {"a: \"\"", {1, 5}},
  };
  const auto environment = [](std::string_view) -> std::optional<std::string> {
    return "a value longer than its name";
  };
  for (const Row& row : rows) {
    CAPTURE(row.yaml);
    Complaints complaints("f");
    const auto root = parse_yaml(row.yaml, environment, complaints);
    REQUIRE(root);
    const Excerpt& scalar = (*root)->entries.at(0).value->scalar;
    CHECK(scalar.position(scalar.text.size()) == row.end);
  }
}

}  // namespace
}  // namespace tocsin::settings
