// `tocsin grok PATTERN...`: lines on standard input to NDJSON on standard output,
//
//     {"match":true,"fields":{"client":"10.0.0.1","status":200},"tags":[]}
//
// as the grok filter makes of an event whose `message` is the line. PATTERNs are tried in order, the
// first that matches counts. `fields` are those that are new or changed, `tags` those that were added
// (_grokparsefailure, _groktimeout). Lines need not be UTF-8: what is not is replaced.
// Names:   the shipped set below patterns_root, then --patterns directories in order, then --define.
// Errors:  one line on `err`, "place: what was found, what was expected", before any line is read.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace tocsin::app {

struct GrokOptions {
  std::vector<std::string> patterns;
  std::string pattern_set = "legacy";    // or ecs-v1
  std::vector<std::string> definitions;  // NAME=REGEX
  std::vector<std::string> directories;  // of pattern files
  // Where the shipped sets stand; relative to the working directory, as `rules:` of the shipped
  // settings is to theirs.
  std::string patterns_root = "rules/patterns";
  std::string cases;    // a file of cases to run instead: src/app/grok_cases.hpp
  bool compat = false;  // with the reference's defects
};

// The exit code: 0, or 1 when something was refused or a case failed. Lines that do not match are no
// failure. `in`: for lines; cases are read from their file.
[[nodiscard]] int run_grok(const GrokOptions& options, std::istream& in, std::ostream& out,
                           std::ostream& err);

}  // namespace tocsin::app
