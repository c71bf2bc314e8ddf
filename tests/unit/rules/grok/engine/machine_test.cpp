#include "src/rules/grok/engine/machine.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <string>
#include <string_view>

#include "src/rules/grok/engine/compiler.hpp"
#include "src/rules/grok/engine/syntax_tree.hpp"

namespace tocsin::rules::grok::engine {
namespace {

Compiled compiled(std::string_view written) {
  auto tree = SyntaxTree::read(written, Encoding::kAscii);
  REQUIRE(tree);
  auto program = compile(*tree);
  REQUIRE(program);
  return *std::move(program);
}

constexpr std::size_t kMostGroups = 6;
using Groups = std::array<std::size_t, 2 * kMostGroups>;

Groups unset() {
  Groups groups{};
  groups.fill(kUnset);
  return groups;
}

std::string line_of(std::mt19937& random) {
  constexpr std::string_view kBytes = "ab01 .:-\"'\\[]/,xyz";
  std::string line;
  for (auto size = random() % 90; size > 0; --size) line += kBytes[random() % kBytes.size()];
  return line;
}

TEST_CASE("what is quick on this processor does what is portable") {
  constexpr const char* kExpressions[] = {
      "([ab]+)([0-9]*) ",
      "(.*?)\\\"(.*)\\\"",
      "((?:[ab]|\\.)+)\\:",
      "(?<!\\\\)(?>\\\"(?>\\\\.|[^\\\"\\\\]+)*\\\"|\\'(?>\\\\.|[^\\'\\\\]+)*\\'|\\`(?>\\\\.|[^"
      "\\\\\\`]+)*\\`)",
      "(?<![\\+\\-\\.0-9])(?>[\\+\\-]?(?:[0-9]+(?:\\.[0-9]+)?|\\.[0-9]+))",
      "\\b[0-9A-Z\\_a-z]+\\b",
      "(?:\\b[0-9A-Za-z][\\-0-9A-Za-z]{0,62}(?:\\.[0-9A-Za-z][\\-0-9A-Za-z]{0,62})*(?:\\.?|\\b)) ",
  };
  std::mt19937 random(7);
  Workspace workspace;
  PaddedText text;
  for (const char* expression : kExpressions) {
    const Compiled program = compiled(expression);
    for (int i = 0; i < 300; ++i) {
      const std::string line = line_of(random);
      REQUIRE(text.assign(line));
      for (std::size_t from = 0; from <= line.size(); from += 3) {
        Groups portable = unset();
        Groups best = unset();
        workspace.fuel = 100'000;
        const Run one =
            run_portably(program.tables, program.start, text, from, portable, workspace);
        const std::int64_t fuel = workspace.fuel;
        workspace.fuel = 100'000;
        const Run other = best_run()(program.tables, program.start, text, from, best, workspace);
        REQUIRE(one == other);
        REQUIRE(portable == best);
        REQUIRE(fuel == workspace.fuel);
      }
    }
  }
}

TEST_CASE("a run that fails leaves no group set") {
  for (const char* expression : {"([ab]+)([0-9]+)x", "(?:([ab])([0-9]))+x"}) {
    const Compiled program = compiled(expression);
    PaddedText text;
    text.assign("a1b2c");
    Groups groups = unset();
    Workspace workspace;
    workspace.fuel = 100'000;
    CHECK(best_run()(program.tables, program.start, text, 0, groups, workspace) == Run::kFailed);
    CHECK(groups == unset());
  }
}

TEST_CASE("fuel bounds frames and long runs alike") {
  PaddedText text;
  Workspace workspace;
  Groups groups = unset();
  const Compiled frames = compiled("(?:a+)+[xy]");
  text.assign(std::string(100, 'a'));
  workspace.fuel = 64 * 20;
  CHECK(best_run()(frames.tables, frames.start, text, 0, groups, workspace) == Run::kOutOfFuel);
  const Compiled runs = compiled("a*b");
  text.assign(std::string(100'000, 'a'));
  workspace.fuel = 300'000;
  groups = unset();
  CHECK(best_run()(runs.tables, runs.start, text, 0, groups, workspace) == Run::kFailed);
  CHECK(workspace.fuel <= 200'000);
  const Compiled turns = compiled("(?:ab|cd)*e");
  text.assign("abcdabcdabcdab");
  workspace.fuel = 200;
  groups = unset();
  CHECK(best_run()(turns.tables, turns.start, text, 0, groups, workspace) == Run::kFailed);
  workspace.fuel = 100;
  CHECK(best_run()(turns.tables, turns.start, text, 0, groups, workspace) == Run::kOutOfFuel);
}

TEST_CASE("pivots that are reached are noted once each") {
  const Compiled program = compiled("(?:a|ab|abb)(?:b*)\\=\\=[0-9]");
  REQUIRE(program.pivots.size() == 1);
  PaddedText text;
  text.assign("abb==x");
  Workspace workspace;
  workspace.fuel = 100'000;
  for (Workspace::Reached& reached : workspace.reached) reached.count = 0;
  Groups groups = unset();
  CHECK(best_run()(program.tables, program.start, text, 0, groups, workspace) == Run::kFailed);
  CHECK(workspace.reached[0].count == 1);
  CHECK(workspace.reached[0].at[0] == 5);
}

}  // namespace
}  // namespace tocsin::rules::grok::engine
