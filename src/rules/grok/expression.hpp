// A grok expression, ready to be matched: its regular expression and what becomes of its groups.
//
//     "%{IP:client} %{NUMBER:[http][status]:int}"
//       group 1 "IP:client"                -> field client, string
//       group 2 "NUMBER:[http][status]:int" -> field [http][status], integer
//
// The name of a group is cut at its colons: pattern, field, type. A name without a colon is the
// field itself; (?<num:int>..) is a string in the field "int", since what comes first is taken for
// the pattern. Types are `int` and `float`; any other word means string.
// Captures come grouped by name, names in the order in which they first appear, groups in order.
// Threads: fixed after compile(); search() from any number of threads.
// Source:  reference of the grok filter, sections 1 and 2.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "src/rules/grok/captures.hpp"
#include "src/rules/grok/expansion.hpp"
#include "src/rules/grok/field_reference.hpp"
#include "src/rules/grok/pattern_library.hpp"
#include "src/rules/grok/place.hpp"
#include "src/rules/grok/regex.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::grok {

struct Capture {
  std::size_t group = 0;  // from 1
  std::string field;      // as it is spelt: "[http][status]"
  CaptureType type = CaptureType::kString;
};

struct ExpressionOptions {
  Unnamed unnamed = Unnamed::kDoNotCapture;
  // As the reference does: of several groups with the same full name only the first is made a
  // number.
  bool coerce_only_first = false;
};

// What becomes of groups of these names.
[[nodiscard]] std::vector<Capture> plan_captures(const std::vector<std::string>& groups,
                                                 bool coerce_only_first);

class Expression {
 public:
  // `place`: of `text`. Errors: those of expand(), translate() and Regex::compile().
  [[nodiscard]] static Result<Expression> compile(std::string_view text, const Place& place,
                                                  const PatternLibrary& library,
                                                  const ExpressionOptions& options);

  Regex::Outcome search(const Subject& subject, Effort& effort, Groups& groups) const noexcept {
    return regex_.search(subject, effort, groups);
  }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::vector<Capture>& captures() const { return captures_; }
  [[nodiscard]] const Regex& regex() const { return regex_; }

 private:
  Expression(std::string text, Regex regex, std::vector<Capture> captures);

  std::string text_;
  Regex regex_;
  std::vector<Capture> captures_;  // in the order of delivery
};

}  // namespace tocsin::rules::grok
