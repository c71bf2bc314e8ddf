// The rules of one generation in the form that the stages work with.
// Threads: immutable; shared by all shards and the roll-up thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/app/messages.hpp"
#include "src/detect/ensemble.hpp"
#include "src/detect/running_ensemble.hpp"
#include "src/query/predicate_set.hpp"
#include "src/rules/rule_set.hpp"
#include "src/service/spec.hpp"
#include "tocsin/identity.hpp"

namespace tocsin::app {

// One watch, as far as it concerns one series.
struct SeriesWatch {
  std::uint32_t watch;  // position in CompiledRules::watches()
  query::Predicate where;
  query::Predicate warning;   // never, when the watch has none
  query::Predicate critical;  // never, when the watch has none
};

// A destination that the points of one series go to.
struct SeriesForward {
  std::uint32_t destination;  // by its place in the settings
  query::Predicate where;
};

// Which series' values leave: for the result store, and for each destination of the settings.
struct ResultSelection {
  query::Predicate publish = {};
  std::vector<query::Predicate> forward = {};
};

// Everything that the rules want of one series: made once, when the series is first seen.
struct SeriesPlan {
  std::vector<SeriesWatch> watches;
  std::vector<SignalTarget> targets;
  std::optional<query::Predicate> publish;  // which of its values are results
  std::vector<SeriesForward> forward;
  const rules::Derivation* derivation = nullptr;  // that makes the series

  // Whether each event says something that the next one of the series, which replaces it in the
  // index, does not; of events without a metric.
  [[nodiscard]] bool follows_events() const noexcept {
    return !watches.empty() || !targets.empty() || !forward.empty() || derivation != nullptr;
  }
  [[nodiscard]] bool empty() const noexcept {
    return watches.empty() && targets.empty() && !publish && forward.empty() &&
           (derivation == nullptr || derivation->emit.empty());
  }
};

class CompiledRules {
 public:
  [[nodiscard]] static Result<std::shared_ptr<const CompiledRules>> compile(
      rules::RuleSetPtr rules, const ResultSelection& selection, detect::Consensus consensus,
      std::uint64_t generation);

  [[nodiscard]] SeriesPlan plan(const Identity& identity) const;
  // Whether a statistic is to be a series of its own, `identity`: when a watch or a service selects
  // that and spells the statistic out (docs/rules.md). A pattern that merely happens to cover the
  // statistics of a timer, such as "shop.%", does not make twenty series of it.
  [[nodiscard]] bool names_statistic(const Identity& identity, std::string_view statistic) const;
  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }
  [[nodiscard]] const rules::RuleSet& rule_set() const noexcept { return *rules_; }
  [[nodiscard]] const std::vector<rules::Watch>& watches() const noexcept {
    return rules_->watches;
  }
  // Empty when the watch does not detect.
  [[nodiscard]] const std::optional<detect::Ensemble>& ensemble(std::uint32_t watch) const {
    return ensembles_[watch];
  }
  // Its running form. Precondition: the watch detects.
  [[nodiscard]] const detect::RunningEnsemble& running_ensemble(std::uint32_t watch) const {
    return *running_ensembles_[watch];
  }
  [[nodiscard]] std::vector<service::ServiceSpec> service_specs() const;
  // How many searches by regular expressions of these rules gave up so far, in all plans together.
  // Safe from any thread.
  [[nodiscard]] std::uint64_t give_ups() const noexcept;

 private:
  // What the predicate at the same position of set_ stands for.
  struct Entry {
    enum class Kind : std::uint8_t { kWatch, kBusiness, kMember, kPublish, kForward } kind;
    std::uint32_t rule = 0;  // watch, service or destination
    std::uint32_t part = 0;  // member class
  };

  CompiledRules() = default;

  rules::RuleSetPtr rules_;
  std::vector<Entry> entries_;
  query::PredicateSet set_;
  std::vector<std::optional<detect::Ensemble>> ensembles_;  // do not move once compiled
  std::vector<std::optional<detect::RunningEnsemble>> running_ensembles_;
  std::map<std::string_view, const rules::Derivation*> derivations_;  // by name; they are rules_'
  std::uint64_t generation_ = 0;
};
using CompiledRulesPtr = std::shared_ptr<const CompiledRules>;

}  // namespace tocsin::app
