// Lists: split makes one of a text, join a text of one, merge adds one field's values to another's.
// Values of other kinds stay as they are.
// Source:  Logstash's mutate filter.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "src/rules/parse/operation.hpp"

namespace tocsin::rules::parse {

// A field and the text between elements.
using Separations = std::vector<std::pair<FieldName, std::string>>;

// As Ruby does: empty texts at the end are left out; a single blank separates at runs of blanks.
[[nodiscard]] OperationPtr make_split(Separations separations);
[[nodiscard]] OperationPtr make_join(Separations separations);

// From the second to the first of each pair.
[[nodiscard]] OperationPtr make_merge(std::vector<std::pair<FieldName, FieldName>> merges);

}  // namespace tocsin::rules::parse
