// ParseCounts: how parsing goes, as series that rules can watch. All are counters, told once a
// second, with zeros for what was tried and did not happen, so that a series has a past when its
// first failure comes.
//
//     tocsin.parse.source.lines, .failures     host, input              events, and those that failed
//     tocsin.parse.program.lines, .failures    program                  by their service on arrival
//     tocsin.parse.rule.lines, .failures       rule
//     tocsin.parse.rule.dropped                rule
//     tocsin.parse.step.failures, .give_ups    rule, step               step: grok.1, date.1, grok.2
//     tocsin.parse.pattern.matches             rule, step, pattern      pattern: 1, 2, ... of grok
//     tocsin.derive.skipped, .overflow         rule
//
// Threads: one ingest thread.
// Cost:    an event costs a few additions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "src/rules/derive/deriver.hpp"
#include "src/rules/derive/program.hpp"
#include "src/rules/derive/sample_queue.hpp"
#include "src/rules/parse/parser.hpp"

namespace tocsin::app {

// Where events come from: those of one identity, over one input.
struct ParseSource {
  std::string input;
  std::string host;
  std::string service;
  std::vector<std::string> tags;
  std::uint64_t lines = 0;  // since they were last told
  std::uint64_t failures = 0;
};

class ParseCounts {
 public:
  ParseCounts(const rules::parse::Program& parse, const rules::derive::Program& derive);

  // The name of a step within its rule: "grok.1".
  [[nodiscard]] const std::string& step_name(std::uint32_t step) const { return step_names_[step]; }

  // An event that a rule applies to. `source` lives until it was told of.
  void count_line(ParseSource& source, bool failed) {
    if (source.lines == 0) sources_.push_back(&source);
    ++source.lines;
    source.failures += failed ? 1 : 0;
  }
  void count_rule(std::uint32_t rule, bool failed) {
    ++rules_[rule].lines;
    rules_[rule].failures += failed ? 1 : 0;
  }
  void count_drop(std::uint32_t rule) { ++rules_[rule].dropped; }

  // Adds what was counted since the last time to `out`, and begins at 0 again. `overflowed` gets
  // for each derive rule the samples of groups beyond its limit.
  void tell(rules::parse::Parser& parser, rules::derive::Deriver& deriver,
            rules::derive::SampleQueue& out, std::vector<std::uint64_t>& overflowed);

 private:
  struct RuleCounts {
    std::uint64_t lines = 0;
    std::uint64_t failures = 0;
    std::uint64_t dropped = 0;
  };

  const rules::parse::Program& parse_;
  const rules::derive::Program& derive_;
  std::vector<std::string> step_names_;
  std::vector<bool> can_fail_;  // by step
  std::vector<RuleCounts> rules_;
  std::vector<ParseSource*> sources_;  // with something to tell
  rules::parse::Parser::Tally tally_;  // scratch
};

}  // namespace tocsin::app
