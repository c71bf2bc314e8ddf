#include "src/rules/grok/explain/candidates.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

namespace tocsin::rules::grok::explain {
namespace {

PatternLibrary library() {
  PatternLibrary library;
  REQUIRE(library.add_text("INT [+-]?\\d+\nWORD \\b\\w+\\b\nGREEDYDATA .*\n", "f"));
  return library;
}

Candidates made(std::initializer_list<const char*> expressions) {
  std::vector<PlacedText> texts;
  for (const char* text : expressions) texts.push_back({text, {"here", 1, 1}});
  auto candidates = Candidates::make(texts, library(), {});
  REQUIRE(candidates);
  return *std::move(candidates);
}

TEST_CASE("the candidate that matched most of its expression is told") {
  const Candidates candidates =
      made({"%{GREEDYDATA:all}!", "%{WORD:verb} %{INT:status} %{INT:bytes}", "%{INT:n}"});
  const auto nearest = candidates.nearest(Subject("GET 200 ?"));
  REQUIRE(nearest);
  CHECK(nearest->candidate == 1);
  CHECK(
      candidates.explain(Subject("GET 200 ?")) ==
      "none of 3 patterns matches; number 2 gets furthest: at byte 8 expected %{INT:bytes}, found "
      "'?'");
}

TEST_CASE("a single one has no number") {
  CHECK(made({"%{INT:n} x"}).explain(Subject("7 y")) ==
        "the pattern does not match: at byte 2 expected 'x', found 'y'");
}

TEST_CASE("a dear one leaves steps for those behind it") {
  const auto nearest =
      made({"(?:a|aa)+b", "a+ %{INT:n} %{INT:m}"}).nearest(Subject(std::string(200, 'a') + " 7 x"));
  REQUIRE(nearest);
  CHECK(nearest->candidate == 1);
  CHECK(nearest->stop.expected == "%{INT:m}");
}

TEST_CASE("none is told of where all match") {
  CHECK_FALSE(made({"%{INT:n}"}).nearest(Subject("7")));
  CHECK(made({"%{INT:n}"}).explain(Subject("7")) == "the pattern does not match");
}

TEST_CASE("the expression that is wrong is refused") {
  const std::vector<PlacedText> texts = {{"a", {"here", 1, 1}}, {"%{NOPE}", {"here", 2, 1}}};
  const auto refused = Candidates::make(texts, library(), {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().where == "here:2:1");
}

}  // namespace
}  // namespace tocsin::rules::grok::explain
