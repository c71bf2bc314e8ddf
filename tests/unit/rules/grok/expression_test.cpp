#include "src/rules/grok/expression.hpp"

#include <doctest/doctest.h>

#include <optional>

namespace tocsin::rules::grok {
namespace {

using Names = std::vector<std::string>;

TEST_CASE("the name of a group says field and type") {
  struct Row {
    const char* name;
    const char* field;
    CaptureType type;
  };
  const Row rows[] = {
      {"n", "n", CaptureType::kString},
      {"INT:n", "n", CaptureType::kString},
      {"INT:n:int", "n", CaptureType::kInteger},
      {"INT:n:float", "n", CaptureType::kFloat},
      {"INT:n:INT", "n", CaptureType::kString},
      {"INT:n:long", "n", CaptureType::kString},
      {"INT:[a][b]:int", "[a][b]", CaptureType::kInteger},
      {"n:int", "int", CaptureType::kString},
      {"INT:n:", "n", CaptureType::kString},
      {"INT:n:int:x", "n", CaptureType::kInteger},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto plan = plan_captures({row.name}, false);
    REQUIRE(plan.size() == 1);
    CHECK(plan[0].group == 1);
    CHECK(plan[0].field == row.field);
    CHECK(plan[0].type == row.type);
  }
}

TEST_CASE("captures come by name, in the order of first appearance") {
  const auto plan = plan_captures({"a", "b", "a", "", "b"}, false);
  std::vector<std::size_t> groups;
  for (const Capture& capture : plan) groups.push_back(capture.group);
  CHECK(groups == std::vector<std::size_t>{1, 3, 2, 5});
}

TEST_CASE("only the first of several equal names is coerced where the reference is followed") {
  const Names names = {"N:a:int", "M:a:int", "N:a:int"};
  const auto strict = plan_captures(names, false);
  CHECK(strict[1].type == CaptureType::kInteger);
  const auto compat = plan_captures(names, true);
  CHECK(compat[0].type == CaptureType::kInteger);
  CHECK(compat[1].group == 3);
  CHECK(compat[1].type == CaptureType::kString);
  CHECK(compat[2].type == CaptureType::kInteger);
}

TEST_CASE("an expression is compiled from names to groups") {
  PatternLibrary library;
  REQUIRE(library.add_text("INT [+-]?\\d+\nWORD \\w+\nBAD (", "f"));
  const auto expression = Expression::compile("%{WORD:verb} %{INT:status:int}", {"here", 2, 4},
                                              library, ExpressionOptions{});
  REQUIRE(expression);
  CHECK(expression->text() == "%{WORD:verb} %{INT:status:int}");
  Subject subject;
  subject.assign("GET 200");
  Groups groups;
  Effort effort = kDefaultEffort;
  REQUIRE(expression->search(subject, effort, groups) == Regex::Outcome::kMatch);
  REQUIRE(expression->captures().size() == 2);
  CHECK(expression->captures()[1].field == "status");
  CHECK(groups.find(expression->captures()[1].group) == "200");

  const auto refused = [&](std::string_view text) {
    return Expression::compile(text, {"here", 2, 4}, library, {}).error().where;
  };
  CHECK(refused("x %{NOPE}") == "here:2:6");
  CHECK(refused("x*)") == "here:2:6");
  CHECK(refused("(?<=x+)y").starts_with("here:2:"));
}

TEST_CASE("names capture by themselves when asked to") {
  PatternLibrary library;
  REQUIRE(library.add_text("DIGIT \\d\nINT %{DIGIT}+", "f"));
  const auto expression =
      Expression::compile("%{INT}", {"here", 1, 1}, library, {Unnamed::kCapture, false});
  REQUIRE(expression);
  REQUIRE(expression->captures().size() == 2);
  CHECK(expression->captures()[0].field == "INT");
  CHECK(expression->captures()[1].field == "DIGIT");
}

}  // namespace
}  // namespace tocsin::rules::grok
