// One grok filter: expressions on fields of an event, and what is done with their captures.
//
//     event {"message": "GET 200"}  with  match: message -> "%{WORD:verb} %{INT:status:int}"
//     event {"message": "GET 200", "verb": "GET", "status": 200}
//
// Storing a capture: an absent field is set; a string becomes [old, new]; an array grows; any other
// value stays and the capture is dropped; a field that `overwrite` names is replaced. Empty
// captures are not stored unless asked for; an empty text made a number is 0, and that is stored. A
// field that an expression is to be matched on and that is missing counts as empty text; numbers
// and truth values are matched as they would be written; of an array each element is tried. An
// expression that gives up ends the filter for this event: tags of time-outs, none of failure.
//
// `compat` reproduces the reference's defects; without it:
//   - every group with a type is coerced, not only the first of several with the same full name;
//   - with break_on_match off the filter succeeds when any expression matched, not only the last.
// Threads: fixed after make(); apply() from one thread per Scratch. Counters: any thread may read.
// Source:  reference of the grok filter, section 2.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "src/rules/grok/expression.hpp"
#include "src/rules/grok/field_reference.hpp"
#include "src/rules/grok/matcher.hpp"
#include "src/rules/grok/pattern_library.hpp"
#include "src/rules/grok/regex.hpp"
#include "src/rules/grok/subject.hpp"
#include "src/rules/grok/value.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::grok {

struct FieldMatch {
  std::string field;
  std::vector<PlacedText> expressions;  // tried in order
};

struct AddedField {
  std::string field;                // may hold %{field}, as may the values
  std::vector<std::string> values;  // several make an array
};

struct FilterOptions {
  std::vector<FieldMatch> match;  // fields are tried in order
  bool break_on_match = true;     // stop at the first expression that matches
  bool named_captures_only = true;
  bool keep_empty_captures = false;
  std::vector<std::string> overwrite;  // as the expressions spell the fields
  std::string target;                  // under which captures are put; empty: the event
  std::vector<std::string> tag_on_failure = {"_grokparsefailure"};
  std::vector<std::string> tag_on_timeout = {"_groktimeout"};
  // Of each expression on each text, or of all together on one event.
  Effort effort = kDefaultEffort;
  bool effort_is_of_event = false;
  // On success only, in this order.
  std::vector<AddedField> add_field;
  std::vector<std::string> remove_field;
  std::vector<std::string> add_tag;
  std::vector<std::string> remove_tag;
  bool compat = false;
};

class Filter {
 public:
  enum class Outcome : std::uint8_t { kMatched, kFailed, kGaveUp };

  // What one thread needs while it applies filters.
  struct Scratch {
    Subject subject;
    Captures captures;
    std::string text;
  };

  struct Counts {
    std::uint64_t matches = 0;
    std::uint64_t failures = 0;
    std::uint64_t give_ups = 0;
  };

  [[nodiscard]] static Result<Filter> make(FilterOptions options, const PatternLibrary& library);
  Filter(Filter&&) noexcept;
  Filter& operator=(Filter&&) noexcept;
  ~Filter();

  Outcome apply(Object& event, Scratch& scratch) const;

  [[nodiscard]] Counts counts() const;
  // Of every field, in order.
  [[nodiscard]] std::vector<const Expression*> expressions() const;

 private:
  struct Plan;
  class Application;
  explicit Filter(std::unique_ptr<Plan> plan) noexcept;

  std::unique_ptr<Plan> plan_;
};

}  // namespace tocsin::rules::grok
