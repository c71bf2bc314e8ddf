// Runs grok on written-down cases and compares: a line each, a JSON object.
//
//     {"id", "pattern_set": "legacy"|"ecs-v1", "pattern": text | [text...] | {field: text | [...]},
//      "options": {...}, "line": value of the field `message`, "event": the whole event instead,
//      "match": bool, "compile_error": bool, "fields": {...}, "removed": [...]}
//
// `fields` are all top-level fields that are new or changed afterwards, with their whole values,
// and `removed` those that are gone; every other field must be as it was. `match` is whether the
// filter succeeded; where tag_on_failure is empty it says nothing and is not compared. Options are
// those of the reference filter, in its spelling and shapes; a time-out of `timeout_millis` bounds
// the effort of a search, 30000 unless said.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>

#include "src/rules/grok/filter.hpp"
#include "src/rules/grok/pattern_library.hpp"
#include "src/rules/grok/value.hpp"
#include "tocsin/result.hpp"

namespace tocsin::app {

struct GrokCaseOptions {
  std::string file;                     // "-": standard input
  std::filesystem::path patterns_root;  // of the shipped sets
  bool compat = true;                   // with the reference's defects
};

// Options of a filter as the reference spells them, in JSON. `library` gets pattern_definitions,
// and the files of patterns_dir that patterns_files_glob chooses.
// Errors: kUnknownName for an option that does not exist, kSyntax for one of the wrong shape.
[[nodiscard]] Result<rules::grok::FilterOptions> read_grok_options(
    const rules::grok::Object& options, rules::grok::PatternLibrary& library);

// Writes each case that fails with what was expected and what came out, and at the end
// "N passed, N failed". Returns 0, or 1 when a case failed or the file could not be read.
[[nodiscard]] int run_grok_cases(const GrokCaseOptions& options, std::ostream& out,
                                 std::ostream& err);

}  // namespace tocsin::app
