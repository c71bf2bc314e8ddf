// Steps as a rule file has them, tried on a line.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/rules/load.hpp"
#include "src/rules/parse/parser.hpp"
#include "tests/unit/rules/vocabulary.hpp"

namespace tocsin::rules::test {

using Texts = std::map<std::string, std::string>;

inline Vocabulary vocabulary() {
  Vocabulary made = tests::vocabulary();
  made.patterns = TOCSIN_TEST_DATA "/../../rules/patterns";
  return made;
}

// A parse rule with these steps, each line indented as it stands below `steps:`.
inline std::string rule_of(const std::string& steps) {
  return "parse:\n  - name: r\n    where: 'true'\n    steps:\n" + steps;
}

// What a rule made of an event.
struct Outcome {
  bool kept = true;
  Texts attributes;
  std::vector<std::string> tags;
  std::string message;
  std::string service;
  TimePoint time{};
  std::vector<std::string> explanations;
};

inline Outcome applied(const std::string& steps, const std::string& line,
                       std::vector<AttributeView> attributes = {}) {
  const RuleFile file{"r.yaml", rule_of(steps)};
  const auto loaded = parse_rules({&file, 1}, vocabulary());
  for (const Error& error : loaded.errors) FAIL(error.message());
  const parse::Program& program = *(*loaded.value)->parse;
  EventView event;
  event.time = TimePoint(std::chrono::seconds(1'700'000'000));
  event.service = "app";
  event.description = line;
  event.attributes = attributes;
  parse::Record record;
  record.assign(event);
  parse::Parser parser(program);
  parser.begin();
  Outcome outcome;
  outcome.kept = parser.apply(program.rules().at(0), record);
  const EventView& after = record.view();
  for (const AttributeView& attribute : after.attributes) {
    outcome.attributes.emplace(attribute.key, attribute.value);
  }
  outcome.tags.assign(after.tags.begin(), after.tags.end());
  outcome.message = after.description;
  outcome.service = after.service;
  outcome.time = after.time;
  for (std::size_t i = 0; i < parser.failure_count(); ++i) {
    outcome.explanations.push_back(parser.failure(i).explanation);
  }
  return outcome;
}

// The complaints about a rule with these steps, without the name of the file: "5:9: found ...".
inline std::vector<std::string> complaints(const std::string& steps) {
  const RuleFile file{"r.yaml", rule_of(steps)};
  std::vector<std::string> texts;
  for (const Error& error : parse_rules({&file, 1}, vocabulary()).errors) {
    texts.push_back(error.message().substr(std::string_view("r.yaml:").size()));
  }
  return texts;
}

// The only one.
inline std::string complaint(const std::string& steps) {
  const auto all = complaints(steps);
  for (std::size_t i = 1; i < all.size(); ++i) FAIL_CHECK(all[i]);
  return all.empty() ? "none" : all.front();
}

}  // namespace tocsin::rules::test
