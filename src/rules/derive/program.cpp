#include "src/rules/derive/program.hpp"

#include <algorithm>

#include "src/rules/derive/group_key.hpp"

namespace tocsin::rules::derive {

Program::Program(const std::vector<Derivation>& derivations, std::uint32_t ttl_minutes,
                 const Program* before) {
  for (const Derivation& derivation : derivations) {
    Rule& rule = rules_.emplace_back();
    rule.name = derivation.name;
    rule.where = derivation.where.predicate;
    if (derivation.value) rule.value = parse::FieldName::parse(*derivation.value);
    for (const std::string& field : derivation.by) {
      rule.by.push_back(parse::FieldName::parse(field));
      rule.group_bytes += group_bytes(rule.by.back().text());
    }
    if (rule.by.empty()) continue;
    const auto same = [&](const Rule& old) {
      return old.name == rule.name && old.by == rule.by &&
             old.value.has_value() == rule.value.has_value() &&
             old.roster->most() == derivation.max_groups &&
             old.roster->ttl_minutes() == ttl_minutes;
    };
    if (before != nullptr) {
      const auto known = std::ranges::find_if(
          before->rules(), [&](const Rule& old) { return old.roster && same(old); });
      if (known != before->rules().end()) rule.roster = known->roster;
    }
    if (!rule.roster) {
      rule.roster = std::make_shared<GroupRoster>(derivation.max_groups, ttl_minutes);
    }
  }
}

}  // namespace tocsin::rules::derive
