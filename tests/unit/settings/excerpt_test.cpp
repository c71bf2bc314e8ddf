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
    CHECK(scalar.position("2:99") == Position{3, 9});
  }
  SUBCASE("what is no position is the start") {
    for (const char* bad : {"", "x", "1", "1:", "0:1", "1:0", "9:1", ":"}) {
      CAPTURE(bad);
      CHECK(scalar.position(std::string_view(bad)) == Position{2, 5});
    }
  }
}

}  // namespace
}  // namespace tocsin::settings
