#include "src/rules/grok/token.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tocsin::rules::grok {
namespace {

struct Row {
  const char* text;
  const char* syntax;
  const char* name;
};

TEST_CASE("a token is read as tolerantly as by the reference") {
  const Row rows[] = {
      {"%{INT}", "INT", "INT"},
      {"%{INT:n}", "INT", "INT:n"},
      {"%{INT:n:int}", "INT", "INT:n:int"},
      {"%{INT:[a][b]:int}", "INT", "INT:[a][b]:int"},
      {"%{WORD:foo-bar}", "WORD", "WORD:foo-bar"},
      {"%{X:@metadata.x}", "X", "X:@metadata.x"},
      {"%{INT:n junk}", "INT", "INT:n"},
      {"%{INT:n?}", "INT", "INT:n"},
      {"%{INT }", "INT", "INT"},
      {"%{NAME - FREE TEXT}", "NAME", "NAME"},
      {"%{A_B^`x}", "A_B^`x", "A_B^`x"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto token = find_token(row.text, 0);
    REQUIRE(token.has_value());
    CHECK(token->syntax == row.syntax);
    CHECK(token->name == row.name);
    CHECK(token->end == std::string_view(row.text).size());
    CHECK(token->definition.empty());
  }
}

TEST_CASE("an inline definition ends at the brace that it did not open") {
  const auto token = find_token("a %{FOO:x=[a-c]{2}\\}} b", 0);
  REQUIRE(token.has_value());
  CHECK(token->begin == 2);
  CHECK(token->name == "FOO:x");
  CHECK(token->definition == "[a-c]{2}\\}");
}

TEST_CASE("what is no token is passed over") {
  CHECK_FALSE(find_token("%{}", 0).has_value());
  CHECK_FALSE(find_token("%{-x}", 0).has_value());
  CHECK_FALSE(find_token("%{INT", 0).has_value());
  CHECK_FALSE(find_token("100% {INT}", 0).has_value());
  const auto behind = find_token("%{-}%{INT}", 0);
  REQUIRE(behind.has_value());
  CHECK(behind->begin == 4);
}

TEST_CASE("tokens before the start of the search do not count") {
  const auto second = find_token("%{A}%{B}", 1);
  REQUIRE(second.has_value());
  CHECK(second->syntax == "B");
}

}  // namespace
}  // namespace tocsin::rules::grok
