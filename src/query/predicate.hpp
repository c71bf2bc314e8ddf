// Predicate: a question about an event, in Riemann's query language with its traps taken out.
// One grammar for rules, the API and the command line: docs/predicates.md.
//
//     auto predicate = Predicate::parse("service =~ \"checkout.%\" and metric > 3");
//     Predicate residue = predicate->specialise(identity);   // once, when the series is first seen
//     if (residue.matches(event)) ...                        // per event: here only `metric > 3`
//
// Threads: immutable and safe to share; copies are cheap and share all they own.
// Events:  must be normal: tags and attributes sorted, as tocsin/event.hpp promises.
// Cost:    matches() allocates nothing; a regular expression's first search on a thread does.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "src/query/field.hpp"
#include "src/query/fields.hpp"
#include "src/query/limits.hpp"
#include "tocsin/event.hpp"
#include "tocsin/identity.hpp"
#include "tocsin/result.hpp"

namespace tocsin::query {

struct Program;

class Predicate {
 public:
  // Matches nothing: a rule without a predicate must not match by accident.
  Predicate() = default;
  [[nodiscard]] static Predicate always();

  // Errors: kSyntax, kRange (a number that does not fit) or kLimit; `where` is "line:column" within
  // `text`, both 1-based, columns in characters; the caller knows the file.
  [[nodiscard]] static Result<Predicate> parse(std::string_view text, const Limits& limits = {});

  // False also when the verdict hangs on a regular expression that gave up; see give_ups().
  [[nodiscard]] bool matches(const Event& event) const noexcept;
  [[nodiscard]] bool matches(const Fields& fields) const noexcept;

  // What is left to ask of events of this identity: always, never, or a smaller predicate that
  // gives the same answer for each of them. Known are host, service, tags and the identity's
  // attributes; for kinds other than kEvent also that there are no attributes besides these and
  // `metric_type`. Never known: state, metric, description, time, ttl.
  [[nodiscard]] Predicate specialise(const Identity& identity) const;

  [[nodiscard]] bool is_always() const noexcept { return program_ == nullptr && constant_; }
  [[nodiscard]] bool is_never() const noexcept { return program_ == nullptr && !constant_; }

  // Whether a verdict can depend on `field`. kAttribute stands for all attributes.
  [[nodiscard]] bool needs(Field field) const noexcept { return fields_.contains(field); }
  // Whether it can depend on what changes from event to event of one identity: state, metric,
  // description, time or ttl. (Attributes may do so too, or be part of the identity.)
  [[nodiscard]] bool depends_on_value() const noexcept;

  // Whether it spells out that `field` ends in `ending`: one of its tests by `=`, `in` or `=~`
  // holds for `text`, and says that ending in so many letters. "x.rate" and "%.rate" do, for
  // ".rate"; "x.%" and regular expressions do not. Precondition: `field` is not kAttribute; `text`
  // has the ending.
  [[nodiscard]] bool spells_out(Field field, std::string_view text,
                                std::string_view ending) const noexcept;

  // How many searches by this predicate's regular expressions gave up so far, on all threads, in
  // all copies and residues together.
  [[nodiscard]] std::uint64_t give_ups() const noexcept;

  // The canonical text. Parses back to an equal predicate (given the length: it may be longer than
  // the text that was parsed).
  [[nodiscard]] std::string to_string() const;

  // The same tests in the same order.
  friend bool operator==(const Predicate& a, const Predicate& b);

 private:
  friend class PredicateSet;
  explicit Predicate(Program program);

  std::shared_ptr<const Program> program_;  // null when constant
  FieldSet fields_;
  bool constant_ = false;
};

using Residue = Predicate;

}  // namespace tocsin::query
