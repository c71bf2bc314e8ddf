// Grok on a record: expressions on fields, and what becomes of their captures.
// Storing a capture: Record::store(); a field that `overwrite` names is replaced. Empty captures
// are not stored unless asked for; an empty text made a number is 0, and that is stored. A field
// that is missing counts as empty text; of a list each element is tried. kGaveUp: an expression
// reached its limit; none behind it was tried.
// Cost:    no allocation; captures view the line.
// Source:  reference of the grok filter, section 2; src/rules/grok is the engine.
#pragma once

#include <string>
#include <vector>

#include "src/rules/grok/matcher.hpp"
#include "src/rules/parse/operation.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::parse {

struct GrokField {
  FieldName field;
  std::vector<grok::PlacedText> expressions;  // tried in order
};

struct GrokOptions {
  std::vector<GrokField> match;        // fields are tried in order
  grok::MatcherOptions matching;       // break_on_match also ends the fields at the first success
  bool effort_is_of_event = false;     // of all expressions together, not of each
  std::vector<std::string> overwrite;  // as the expressions spell the fields
  std::string target;                  // below which captures are put; empty: the event
};

// Errors: those of Matcher::compile().
[[nodiscard]] Result<OperationPtr> make_grok(GrokOptions options,
                                             const grok::PatternLibrary& library);

}  // namespace tocsin::rules::parse
