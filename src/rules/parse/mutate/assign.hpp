// Assign: sets fields to texts that may hold %{field}. Logstash's coerce, update and replace.
// Source:  Logstash's mutate filter.
#pragma once

#include <utility>
#include <vector>

#include "src/rules/parse/operation.hpp"
#include "src/rules/parse/text_template.hpp"

namespace tocsin::rules::parse {

// Which fields are set.
enum class AssignTo : std::uint8_t {
  kNull,     // those that are there and null: coerce
  kPresent,  // those that are there: update
  kAny,      // replace
};

using Assignments = std::vector<std::pair<FieldName, TextTemplate>>;

[[nodiscard]] OperationPtr make_assign(AssignTo to, Assignments assignments);

}  // namespace tocsin::rules::parse
