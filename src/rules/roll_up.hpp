// Reads the keys `policy`, `need` and `degraded_below`, which a service and a member group share.
#pragma once

#include "src/rules/rule_set.hpp"
#include "src/settings/reader.hpp"

namespace tocsin::rules {

// The policy may be left out: `need` implies a quorum, its absence `worst`.
[[nodiscard]] RollUp read_roll_up(settings::MapReader& map);

}  // namespace tocsin::rules
