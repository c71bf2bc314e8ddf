// The sections of a settings file, one function each: fills its struct from `node`, complains about
// what is wrong. Only load.cpp calls these.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "src/settings/complaints.hpp"
#include "src/settings/reader.hpp"
#include "src/settings/settings.hpp"
#include "src/settings/yaml.hpp"

namespace tocsin::settings {

void read_listen(const Node& node, Listen& listen, Complaints& complaints);
void read_checks(const Node& node, Checks& checks, Complaints& complaints);
// `shards`: how many threads share the limits.
void read_series(const Node& node, std::uint32_t shards, Series& series, Complaints& complaints);
void read_statsd(const Node& node, Statsd& statsd, Complaints& complaints);
void read_results(const Node& node, Results& results, Complaints& complaints);
void read_forward(const NodePtr& node, std::vector<Forward>& forwards, Complaints& complaints);

// What sections have in common: a predicate, with its place.
void read_predicate_text(MapReader& map, std::string_view key, PredicateText& predicate);

}  // namespace tocsin::settings
