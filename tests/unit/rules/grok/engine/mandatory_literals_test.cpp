#include "src/rules/grok/engine/mandatory_literals.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::rules::grok::engine {
namespace {

std::vector<std::string> literals(std::string_view written, Encoding encoding = Encoding::kAscii) {
  const auto tree = SyntaxTree::read(written, encoding);
  REQUIRE(tree);
  std::vector<std::string> texts;
  for (const MandatoryLiteral& literal : mandatory_literals(tree->root())) {
    texts.push_back(literal.text);
  }
  return texts;
}

std::string rarest(std::string_view written) {
  const auto tree = SyntaxTree::read(written, Encoding::kAscii);
  REQUIRE(tree);
  return rarest_literal(tree->root());
}

TEST_CASE("literals outside of choices are found from left to right, through groups") {
  CHECK(literals("(?:a|b)\\: from ([0-9]+) port") == std::vector<std::string>{": from ", " port"});
  CHECK(literals("ab(?:cd)e") == std::vector<std::string>{"abcde"});
  CHECK(literals("a(b.c)d") == std::vector<std::string>{"a", "b", "c", "d"});
}

TEST_CASE("what a match may be without is no literal of it") {
  CHECK(literals("a?(?:bc)?(?:d|e)(?!f)(?<!g)").empty());
  CHECK(literals("(?i:a)").empty());
  CHECK(literals("").empty());
}

TEST_CASE("letters that stand for others in UTF are no literal there") {
  CHECK(literals("x1", Encoding::kUtf) == std::vector<std::string>{"x1"});
  CHECK(literals("(?i:s)1", Encoding::kUtf) == std::vector<std::string>{"1"});
}

TEST_CASE("the rarest literal is the one that says most") {
  CHECK(rarest("a (?:x|y) Accepted publickey [0-9] \\:") == " Accepted publickey ");
  CHECK(rarest("[ab]").empty());
}

}  // namespace
}  // namespace tocsin::rules::grok::engine
