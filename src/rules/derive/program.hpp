// Program: the derive rules of one generation, ready to be applied to records.
// Threads: immutable, but for the rosters, which all ingest threads share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/query/predicate.hpp"
#include "src/rules/derive/group_roster.hpp"
#include "src/rules/parse/field_name.hpp"
#include "src/rules/rule_set.hpp"
#include "tocsin/identity.hpp"

namespace tocsin::rules::derive {

struct Rule {
  std::string name;
  query::Predicate where;
  std::optional<parse::FieldName> value;  // empty: events are counted
  std::vector<parse::FieldName> by;
  std::size_t group_bytes = 0;          // that the values of `by` take at most
  std::shared_ptr<GroupRoster> roster;  // null: there are no groups
};

// What a rule's series collect.
[[nodiscard]] inline SeriesKind kind_of(const Derivation& derivation) noexcept {
  return derivation.value ? SeriesKind::kHistogram : SeriesKind::kCounter;
}

class Program {
 public:
  Program() = default;
  // `before`: the last generation. A rule that has the same name, groups and limit in it goes on
  // with the groups that it knows. `ttl_minutes`: after which a series that is not heard ends.
  Program(const std::vector<Derivation>& derivations, std::uint32_t ttl_minutes,
          const Program* before);

  [[nodiscard]] const std::vector<Rule>& rules() const noexcept { return rules_; }

 private:
  std::vector<Rule> rules_;
};

using ProgramPtr = std::shared_ptr<const Program>;

}  // namespace tocsin::rules::derive
