// EventProgram: the parse and derive rules of one generation, and which of them concern whom.
// The `where` of a parse rule is asked of an event as it arrives, that of a derive rule of what
// parsing made of it.
// Threads: immutable, but for the rosters of groups; shared by all ingest threads.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "src/app/compiled_rules.hpp"
#include "src/query/predicate_set.hpp"
#include "src/rules/derive/program.hpp"
#include "src/rules/parse/program.hpp"
#include "tocsin/identity.hpp"

namespace tocsin::app {

// The rules that may concern the events of one identity, by their places in the programs, and what
// is left to ask of each event.
struct EventPlan {
  std::vector<query::Match> parse;
  std::vector<query::Match> derive;
};

class EventProgram {
 public:
  // `group_ttl`: for how long a group of a derive rule counts that is not heard. `before`: the last
  // generation, or null.
  EventProgram(CompiledRulesPtr rules, rules::Duration group_ttl, const EventProgram* before);

  [[nodiscard]] const rules::parse::Program& parse() const noexcept { return *parse_; }
  [[nodiscard]] const rules::derive::Program& derive() const noexcept { return derive_; }
  // Whether there is no rule at all.
  [[nodiscard]] bool empty() const noexcept { return wheres_.size() == 0; }

  // Whether more than the index follows the events of an identity.
  [[nodiscard]] bool follows(const Identity& identity) const;
  // Replaces the contents of `plan`.
  void plan(const Identity& identity, EventPlan& plan) const;

 private:
  CompiledRulesPtr rules_;
  rules::parse::ProgramPtr parse_;
  rules::derive::Program derive_;
  query::PredicateSet wheres_;  // of parse rules, then of derive rules
};

using EventProgramPtr = std::shared_ptr<const EventProgram>;

}  // namespace tocsin::app
