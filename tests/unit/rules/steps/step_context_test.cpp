#include "src/rules/steps/step_context.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

#include "tests/unit/rules/vocabulary.hpp"

namespace tocsin::rules {
namespace {

using settings::Complaints;

settings::Node scalar(std::string text, settings::Position position) {
  settings::Node node;
  node.kind = settings::Node::Kind::kScalar;
  node.position = position;
  node.scalar.text = std::move(text);
  node.scalar.anchors = {{0, position, false}};
  return node;
}

TEST_CASE("what an engine says of a text is complained about at its letter in the file") {
  Complaints complaints("r.yaml");
  const Vocabulary vocabulary = tests::vocabulary();
  StepContext context(vocabulary, complaints);
  const settings::Node first = scalar("abc", {3, 10});
  const settings::Node second = scalar("defg", {4, 20});
  const grok::Place at_first = context.place_of(first);
  const grok::Place at_second = context.place_of(second);
  context.complain({Errc::kSyntax, at_first.after("ab").text(), "one"}, {1, 1});
  context.complain({Errc::kSyntax, at_second.after("def").text(), "two"}, {1, 1}, " more");
  context.complain({Errc::kIo, "patterns/x:3:4", "three"}, {5, 6});
  context.complain({Errc::kIo, "", "four"}, {7, 8});
  std::vector<std::string> texts;
  for (const Error& error : complaints.take()) texts.push_back(error.message());
  CHECK(texts == std::vector<std::string>{"r.yaml:3:12: one", "r.yaml:4:23: two more",
                                          "r.yaml:5:6: three (at patterns/x:3:4)",
                                          "r.yaml:7:8: four"});
}

TEST_CASE("pattern sets are looked for beside the rule file first") {
  const auto folder = std::filesystem::temp_directory_path() /
                      ("tocsin-step-context-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder / "patterns" / "legacy");
  std::ofstream(folder / "patterns" / "legacy" / "mine") << "MINE x+\n";
  Complaints complaints((folder / "r.yaml").string());
  const Vocabulary vocabulary = tests::vocabulary();
  StepContext context(vocabulary, complaints);
  const grok::PatternLibrary* const set = context.pattern_set(grok::PatternSet::kLegacy);
  REQUIRE(set != nullptr);
  CHECK(set->find("MINE") != nullptr);
  CHECK(context.pattern_set(grok::PatternSet::kLegacy) == set);
  CHECK(context.roots().starts_with((folder / "patterns").string() + " and rules"));
  CHECK(context.beside_the_file("more") == folder / "more");
  CHECK(context.beside_the_file("/etc/more") == "/etc/more");
  std::filesystem::remove_all(folder);
}

TEST_CASE("a set that is nowhere is none") {
  Complaints complaints("r.yaml");
  Vocabulary vocabulary = tests::vocabulary();
  vocabulary.patterns = "/nowhere";
  StepContext context(vocabulary, complaints);
  CHECK(context.pattern_set(grok::PatternSet::kEcsV1) == nullptr);
  CHECK(context.roots() == "/nowhere");
}

}  // namespace
}  // namespace tocsin::rules
