// Reads a predicate out of a YAML scalar. A fault inside of it is placed at its own line and
// column.
#pragma once

#include <optional>
#include <string_view>

#include "src/rules/rule_set.hpp"
#include "src/settings/reader.hpp"

namespace tocsin::rules {

// Empty after a complaint.
[[nodiscard]] std::optional<Condition> read_condition(const settings::Node& node,
                                                      settings::Complaints& complaints);
// Also empty, without a complaint, when there is no such key.
[[nodiscard]] std::optional<Condition> read_condition(settings::MapReader& map,
                                                      std::string_view key);
// Complains when there is no such key.
[[nodiscard]] std::optional<Condition> require_condition(settings::MapReader& map,
                                                         std::string_view key);

// service = "<name>". Empty after a complaint (a name that no predicate can hold).
[[nodiscard]] std::optional<Condition> condition_of_series(const settings::Node& name,
                                                           settings::Complaints& complaints);

}  // namespace tocsin::rules
