// The checks that need all services at once: names are unique, references lead somewhere, and
// children and dependencies together form no cycle.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "src/rules/rule_set.hpp"
#include "src/settings/complaints.hpp"

namespace tocsin::rules {

// Says where a complaint about a file belongs.
using ComplaintsOf = std::function<settings::Complaints&(const std::string& file)>;

void check_service_names(const std::vector<Service>& services, const ComplaintsOf& complaints_of);

// One complaint per cycle, at the reference that closes it, with the path in its text. A cycle
// through both kinds is refused as well: a service that depends on one of its own ancestors would
// have its pages held back by what it is the cause of.
void check_service_references(const std::vector<Service>& services,
                              const ComplaintsOf& complaints_of);

}  // namespace tocsin::rules
