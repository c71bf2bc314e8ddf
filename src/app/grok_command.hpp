// `tocsin grok PATTERN...`: lines on standard input to NDJSON on standard output,
//
//     {"match":true,"fields":{"client":"10.0.0.1","status":200},"tags":[]}
//
// as the grok filter makes of an event whose `message` is the line. PATTERNs are tried in order,
// the first that matches counts. `fields` are those that are new or changed, `tags` those that were
// added (_grokparsefailure, _groktimeout). Lines need not be UTF-8: what is not is replaced.
// --explain: a line that does not match has a further member, which says how far the best pattern
// got:
//
//     "explain":{"pattern":1,"byte":13,"expected":"%{INT:status}","within":[],"found":"'x'",
//                "place":"PATTERN 1:1:27","text":"the pattern does not match: at byte 13 ..."}
//
// --bench: nothing but figures is written (src/app/grok_bench.hpp).
// Names:   the shipped set below patterns_root, then --patterns directories in order, then
//          --define.
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
  std::string input;     // a file to read instead of standard input
  bool explain = false;  // says of each line that does not match how far it got
  bool bench = false;    // measures instead
  std::string cases;     // a file of cases to run instead: src/app/grok_cases.hpp
  bool compat = false;   // with the reference's defects
};

// The exit code: 0, or 1 when something was refused or a case failed. Lines that do not match are
// no failure. `in`: for lines, unless options.input names a file; cases are read from their file.
[[nodiscard]] int run_grok(const GrokOptions& options, std::istream& in, std::ostream& out,
                           std::ostream& err);

}  // namespace tocsin::app
