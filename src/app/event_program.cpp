#include "src/app/event_program.hpp"

#include <chrono>
#include <utility>

namespace tocsin::app {
namespace {

std::uint32_t minutes_of(rules::Duration duration) {
  return static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::minutes>(duration).count());
}

}  // namespace

EventProgram::EventProgram(CompiledRulesPtr rules, rules::Duration group_ttl,
                           const EventProgram* before)
    : rules_(std::move(rules)),
      parse_(rules_->rule_set().parse),
      derive_(rules_->rule_set().derivations, minutes_of(group_ttl),
              before == nullptr ? nullptr : &before->derive_) {
  std::vector<query::Predicate> wheres;
  for (const rules::parse::Rule& rule : parse_->rules()) wheres.push_back(rule.where);
  for (const rules::derive::Rule& rule : derive_.rules()) wheres.push_back(rule.where);
  wheres_ = query::PredicateSet(std::move(wheres));
}

bool EventProgram::follows(const Identity& identity) const {
  return rules_->plan(identity).follows_events();
}

void EventProgram::plan(const Identity& identity, EventPlan& plan) const {
  std::vector<query::Match> matches;
  wheres_.match(identity, matches);
  plan.parse.clear();
  plan.derive.clear();
  const auto parse_rules = static_cast<std::uint32_t>(parse_->rules().size());
  for (query::Match& match : matches) {
    if (match.index < parse_rules) {
      plan.parse.push_back(std::move(match));
    } else {
      plan.derive.push_back({match.index - parse_rules, std::move(match.residue)});
    }
  }
}

}  // namespace tocsin::app
