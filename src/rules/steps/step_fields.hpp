// What many steps have in common in YAML: names of fields, lists of texts, maps from one to the
// other, and the options that every step may have.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/rules/parse/decoration.hpp"
#include "src/rules/parse/field_name.hpp"
#include "src/rules/parse/program.hpp"
#include "src/settings/reader.hpp"

namespace tocsin::rules {

using parse::FieldName;

// Each returns true when it set `out`.
bool read_field(settings::MapReader& map, std::string_view key, FieldName& out);
bool read_fields(settings::MapReader& map, std::string_view key, std::vector<FieldName>& out);
// A list of texts, or a single one; [] is a list too.
bool read_texts(settings::MapReader& map, std::string_view key, std::vector<std::string>& out);

// A text that may be empty; null after a complaint.
[[nodiscard]] const std::string* read_any_text(const settings::Node& node,
                                               std::string_view expected,
                                               settings::Complaints& complaints);

// The entries of the map under `key`, in order; empty when there is none, or after a complaint.
[[nodiscard]] std::vector<settings::Node::Entry> read_entries(settings::MapReader& map,
                                                              std::string_view key,
                                                              std::string_view expected);
// The same, each value a text that may be empty.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> read_pairs(
    settings::MapReader& map, std::string_view key, std::string_view expected);

// A map of this entry alone, for readers of maps.
[[nodiscard]] settings::Node only(const settings::Node::Entry& entry);

// add_field, remove_field, add_tag and remove_tag.
[[nodiscard]] parse::Decoration read_decoration(settings::MapReader& map);

// The same, and the tags of failure, which `step` has its defaults of.
void read_common_options(settings::MapReader& map, parse::Step& step);

}  // namespace tocsin::rules
