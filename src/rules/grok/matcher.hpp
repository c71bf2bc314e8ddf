// An ordered list of grok expressions on one text: the engine under the grok filter and under the
// `parse` section of the rules. The first that matches counts; its captures come typed and without
// allocation.
//
//     auto matcher = Matcher::compile(expressions, library, {});
//     Subject subject;                                   // one of each per thread, reused
//     Captures captures;
//     subject.view(line);
//     const Matcher::Found found = matcher->match(subject, captures);
//     if (found.outcome == Matcher::Outcome::kMatch) {
//       for (const Captured& c : captures) write(matcher->fields()[c.field], c.value);
//     }
//
// Threads: fixed after compile(); match() from any number of threads, each with its own captures.
// Errors:  those of Expression::compile().
// Cost:    no allocation once a thread has seen its longest line and its match with most captures.
// Source:  reference of the grok filter, section 2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "src/rules/grok/candidates.hpp"
#include "src/rules/grok/captures.hpp"
#include "src/rules/grok/expression.hpp"
#include "src/rules/grok/field_reference.hpp"
#include "src/rules/grok/pattern_library.hpp"
#include "src/rules/grok/place.hpp"
#include "src/rules/grok/regex.hpp"
#include "src/rules/grok/subject.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::grok {

struct PlacedText {
  std::string text;
  Place place;
};

struct MatcherOptions {
  bool break_on_match = true;       // false: every expression is tried, captures of all add up
  bool named_captures_only = true;  // false: %{NAME} captures too, as NAME
  bool keep_empty_captures = false;
  Effort effort = kDefaultEffort;  // of each expression on each text
  bool compat = false;             // with the reference's defects: see filter.hpp
};

class Matcher {
 public:
  using Outcome = Regex::Outcome;
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  struct Found {
    // kGaveUp: an expression gave up, and none behind it was tried.
    Outcome outcome = Outcome::kNoMatch;
    // The index of the last expression that matched, or of the one that gave up; kNone: none did.
    std::size_t expression = kNone;
  };

  struct Field {
    std::string spelling;  // as the expressions have it: "[http][status]"
    FieldReference reference;
  };

  [[nodiscard]] static Result<Matcher> compile(const std::vector<PlacedText>& expressions,
                                               const PatternLibrary& library,
                                               const MatcherOptions& options);

  // Clears `captures` and fills it; what expressions before one that gave up captured stays in it.
  Found match(const Subject& subject, Captures& captures) const;

  // The same, all expressions together with the effort that is `left`.
  Found match(const Subject& subject, Captures& captures, Effort& left) const;

  // Every field that an expression may capture, once.
  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }
  [[nodiscard]] const std::vector<Expression>& expressions() const { return expressions_; }

 private:
  // A group, and what becomes of it.
  struct Delivery {
    std::size_t group;
    std::uint32_t field;
    CaptureType type;
  };

  explicit Matcher(const MatcherOptions& options) : options_(options) {}

  void add(Expression expression);
  std::uint32_t field_of(const std::string& spelling);
  // `left`: null when each expression has an effort of its own.
  Found match_all(const Subject& subject, Captures& captures, Effort* left) const;
  void deliver(std::size_t expression, const Groups& groups, Captures& captures) const;

  MatcherOptions options_;
  std::vector<Expression> expressions_;
  Candidates candidates_{{}};
  std::vector<std::vector<Delivery>> deliveries_;  // of each expression, in the order of delivery
  std::vector<Field> fields_;
};

}  // namespace tocsin::rules::grok
