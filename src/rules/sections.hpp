// The sections of a rule file, one function each: append what they read, complain about what is
// wrong. Only load.cpp calls these.
#pragma once

#include <vector>

#include "src/rules/load.hpp"
#include "src/rules/rule_set.hpp"
#include "src/settings/complaints.hpp"
#include "src/settings/yaml.hpp"

namespace tocsin::rules {

// A parse rule, and where it stands.
struct PlacedRule {
  parse::Rule rule;
  Place place;
};
void read_parse_rules(const settings::Node& node, const Vocabulary& vocabulary,
                      std::vector<PlacedRule>& rules, settings::Complaints& complaints);

void read_derivations(const settings::Node& node, const Vocabulary& vocabulary,
                      std::vector<Derivation>& derivations, settings::Complaints& complaints);

void read_watches(const settings::Node& node, const Vocabulary& vocabulary,
                  std::vector<Watch>& watches, settings::Complaints& complaints);

// A service with mistakes in it is appended too, so that references to it are not complained about.
void read_services(const settings::Node& node, std::vector<Service>& services,
                   settings::Complaints& complaints);

}  // namespace tocsin::rules
