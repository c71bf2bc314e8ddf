#include "src/app/compiled_rules.hpp"

#include <algorithm>
#include <utility>

#include "src/rules/derive/program.hpp"

namespace tocsin::app {
namespace {

service::RollUp convert(const rules::RollUp& from) {
  const auto amount = [](const std::optional<rules::Amount>& a) -> std::optional<service::Amount> {
    if (!a) return std::nullopt;
    return service::Amount{a->value, a->is_percent};
  };
  service::RollUp to;
  switch (from.policy) {
    case rules::Policy::kWorst:
      to.policy = service::Policy::kWorst;
      break;
    case rules::Policy::kBest:
      to.policy = service::Policy::kBest;
      break;
    case rules::Policy::kQuorum:
      to.policy = service::Policy::kQuorum;
      break;
  }
  to.need = amount(from.need);
  to.degraded_below = amount(from.degraded_below);
  return to;
}

service::Standing convert(const rules::Standing& from) {
  return {from.required, from.optional, from.weight};
}

service::OnSilence convert(rules::OnSilence from) {
  switch (from) {
    case rules::OnSilence::kFailing:
      return service::OnSilence::kFailing;
    case rules::OnSilence::kUnknown:
      return service::OnSilence::kUnknown;
    case rules::OnSilence::kKeepLast:
      return service::OnSilence::kKeepLast;
    case rules::OnSilence::kIgnore:
      break;
  }
  return service::OnSilence::kIgnore;
}

// Which member of its group a series belongs to; empty when it does not say.
std::string member_name(const Identity& identity, const std::string& by) {
  if (by == "host") return identity.host;
  if (by == "service") return identity.service;
  const auto it = std::find_if(identity.attributes.begin(), identity.attributes.end(),
                               [&](const Attribute& attribute) { return attribute.key == by; });
  return it == identity.attributes.end() ? std::string() : it->value;
}

}  // namespace

Result<std::shared_ptr<const CompiledRules>> CompiledRules::compile(
    rules::RuleSetPtr rules, const ResultSelection& selection, detect::Consensus consensus,
    std::uint64_t generation) {
  std::shared_ptr<CompiledRules> compiled(new CompiledRules());
  std::vector<query::Predicate> predicates;
  const auto add = [&](Entry entry, const query::Predicate& predicate) {
    compiled->entries_.push_back(entry);
    predicates.push_back(predicate);
  };
  for (std::uint32_t i = 0; i < rules->watches.size(); ++i) {
    const rules::Watch& watch = rules->watches[i];
    add({Entry::Kind::kWatch, i, 0}, watch.where.predicate);
    std::optional<detect::Ensemble> ensemble;
    if (watch.detect) {
      std::vector<detect::Voter> voters;
      for (const auto& [name, weight] : watch.detect->voters) {
        std::optional<detect::Voter> voter = detect::find_voter(name);
        if (!voter) {
          return Error{Errc::kUnknownName, watch.place.to_string(), "no detector '" + name + "'"};
        }
        voter->weight = weight;
        if (voter->calibrated && watch.detect->false_alarms_per_week) {
          voter->options.false_alarms_per_week = *watch.detect->false_alarms_per_week;
        }
        voters.push_back(*voter);
      }
      if (watch.detect->false_alarms_per_week &&
          std::ranges::none_of(voters, &detect::Voter::calibrated)) {
        return Error{Errc::kUnsupported, watch.place.to_string(),
                     "found false_alarms_per_week, expected it only where consensus is among the "
                     "detectors: the others have thresholds of their own"};
      }
      auto made = detect::Ensemble::make(std::move(voters), watch.detect->quorum, consensus);
      if (!made) return Error{made.error().code, watch.place.to_string(), made.error().text};
      ensemble = std::move(*made);
    }
    compiled->ensembles_.push_back(std::move(ensemble));
  }
  for (const std::optional<detect::Ensemble>& ensemble : compiled->ensembles_) {
    auto& running = compiled->running_ensembles_.emplace_back();
    if (ensemble) running.emplace(*ensemble);
  }
  for (std::uint32_t i = 0; i < rules->services.size(); ++i) {
    const rules::Service& service = rules->services[i];
    for (const rules::Business& business : service.business) {
      add({Entry::Kind::kBusiness, i, 0}, business.where.predicate);
    }
    for (std::uint32_t m = 0; m < service.members.size(); ++m) {
      add({Entry::Kind::kMember, i, m}, service.members[m].where.predicate);
    }
  }
  if (!selection.publish.is_never()) add({Entry::Kind::kPublish, 0, 0}, selection.publish);
  for (std::uint32_t i = 0; i < selection.forward.size(); ++i) {
    if (!selection.forward[i].is_never()) add({Entry::Kind::kForward, i, 0}, selection.forward[i]);
  }
  for (const rules::Derivation& derivation : rules->derivations) {
    compiled->derivations_.emplace(derivation.name, &derivation);
  }
  compiled->rules_ = std::move(rules);
  compiled->set_ = query::PredicateSet(std::move(predicates));
  compiled->generation_ = generation;
  return std::shared_ptr<const CompiledRules>(std::move(compiled));
}

SeriesPlan CompiledRules::plan(const Identity& identity) const {
  thread_local std::vector<query::Match> matches;
  set_.match(identity, matches);
  SeriesPlan plan;
  for (query::Match& match : matches) {
    const Entry& entry = entries_[match.index];
    switch (entry.kind) {
      case Entry::Kind::kWatch: {
        const rules::Watch& watch = rules_->watches[entry.rule];
        SeriesWatch& added = plan.watches.emplace_back();
        added.watch = entry.rule;
        added.where = std::move(match.residue);
        if (watch.warning) added.warning = watch.warning->predicate.specialise(identity);
        if (watch.critical) added.critical = watch.critical->predicate.specialise(identity);
        break;
      }
      case Entry::Kind::kBusiness:
        plan.targets.push_back({entry.rule, SignalTarget::kBusiness, {}});
        break;
      case Entry::Kind::kMember:
        plan.targets.push_back(
            {entry.rule, entry.part,
             member_name(identity, rules_->services[entry.rule].members[entry.part].by)});
        break;
      case Entry::Kind::kPublish:
        plan.publish = std::move(match.residue);
        break;
      case Entry::Kind::kForward:
        plan.forward.push_back({entry.rule, std::move(match.residue)});
        break;
    }
  }
  const auto made_by = derivations_.find(identity.service);
  if (made_by != derivations_.end() && rules::derive::kind_of(*made_by->second) == identity.kind) {
    plan.derivation = made_by->second;
  }
  return plan;
}

bool CompiledRules::names_statistic(const Identity& identity, std::string_view statistic) const {
  thread_local std::vector<query::Match> matches;
  set_.match(identity, matches);
  return std::any_of(matches.begin(), matches.end(), [&](const query::Match& match) {
    const Entry::Kind kind = entries_[match.index].kind;
    return kind != Entry::Kind::kPublish && kind != Entry::Kind::kForward &&
           set_[match.index].spells_out(query::Field::kService, identity.service, statistic);
  });
}

std::uint64_t CompiledRules::give_ups() const noexcept {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < set_.size(); ++i) sum += set_[i].give_ups();
  for (const rules::Watch& watch : rules_->watches) {
    if (watch.warning) sum += watch.warning->predicate.give_ups();
    if (watch.critical) sum += watch.critical->predicate.give_ups();
  }
  sum += rules_->parse->give_ups();
  for (const rules::Derivation& derivation : rules_->derivations) {
    sum += derivation.where.predicate.give_ups();
  }
  return sum;
}

std::vector<service::ServiceSpec> CompiledRules::service_specs() const {
  std::vector<service::ServiceSpec> specs;
  for (const rules::Service& service : rules_->services) {
    service::ServiceSpec& spec = specs.emplace_back();
    spec.name = service.name;
    spec.title = service.title;
    for (const rules::Business& business : service.business) {
      if (!business.name.empty()) spec.business.push_back(business.name);
      spec.business_where.push_back(business.where.text);
    }
    spec.on_anomaly = service.on_anomaly == rules::OnAnomaly::kFailing ? service::Health::kFailing
                                                                       : service::Health::kDegraded;
    // Member groups first, in order, so that their positions are those of the rules.
    for (const rules::Members& members : service.members) {
      service::MemberClass& added = spec.classes.emplace_back();
      added.name = members.name;
      added.where = members.where.text;
      added.by = members.by;
      added.roll_up = convert(members.roll_up);
      added.standing = convert(members.standing);
      added.on_silence = convert(members.on_silence);
      added.forget_after = members.forget_after;
    }
    for (const rules::Child& child : service.children) {
      service::MemberClass& added = spec.classes.emplace_back();
      added.name = child.service;
      added.child_service = child.service;
      added.standing = convert(child.standing);
    }
    spec.roll_up = convert(service.roll_up);
    for (const rules::Dependency& dependency : service.depends_on) {
      spec.depends_on.push_back(dependency.service);
    }
  }
  return specs;
}

}  // namespace tocsin::app
