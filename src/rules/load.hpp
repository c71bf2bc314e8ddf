// Loads rule files into one RuleSet.
// Input:   files, and directories of which every *.yaml is read in the order of names, *.test.yaml
//          (scenarios) excepted; not recursive.
// Output:  the rules of all files together, or every error of all of them, each at
//          file:line:column. Names are unique and references are resolved over all files.
// Threads: pure, apart from the files and the environment.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "src/rules/rule_set.hpp"
#include "src/settings/complaints.hpp"
#include "src/settings/expansion.hpp"

namespace tocsin::rules {

// What the rules may refer to, known only to the caller.
struct Vocabulary {
  settings::Environment environment;
  std::vector<std::string> detectors;  // the names that exist; `detect: skyline` means all of them
  std::uint32_t skyline_quorum = 6;
  Duration window{};  // series.interval: no series can be expected to be heard more often
  // Further detectors: those that remember. `detect: NAME` means that one alone.
  std::vector<std::string> remembering = {};
  // Where grok's pattern sets are; empty: beside the rules (steps/step_context.hpp).
  std::filesystem::path patterns = {};
};

struct RuleFile {
  std::string name;  // for places
  std::string text;
};

[[nodiscard]] settings::Loaded<RuleSetPtr> parse_rules(std::span<const RuleFile> files,
                                                       const Vocabulary& vocabulary);

// A path that does not exist is an error; a directory without rule files is not.
[[nodiscard]] settings::Loaded<RuleSetPtr> load_rules(std::span<const std::filesystem::path> paths,
                                                      const Vocabulary& vocabulary);

}  // namespace tocsin::rules
