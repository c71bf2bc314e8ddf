// Letter case, and blanks at both ends: uppercase, lowercase, capitalize and strip of fields.
// Of ASCII. Of a list each text.
// Source:  Logstash's mutate filter.
#pragma once

#include <vector>

#include "src/rules/parse/operation.hpp"
#include "src/rules/parse/text_change.hpp"

namespace tocsin::rules::parse {

[[nodiscard]] OperationPtr make_transform(Transform how, std::vector<FieldName> fields);
[[nodiscard]] OperationPtr make_strip(std::vector<FieldName> fields);

}  // namespace tocsin::rules::parse
