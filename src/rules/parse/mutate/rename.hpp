// Rename and copy: fields under new names, with all that stand below them.
// Fields that are missing are passed over; what had the new name is gone.
// Source:  Logstash's mutate filter.
#pragma once

#include <utility>
#include <vector>

#include "src/rules/parse/decoration.hpp"
#include "src/rules/parse/operation.hpp"

namespace tocsin::rules::parse {

// From the old to the new, which may hold %{field}.
using Renames = std::vector<std::pair<FieldName, TargetName>>;

[[nodiscard]] OperationPtr make_rename(Renames renames);
[[nodiscard]] OperationPtr make_copy(Renames copies);

}  // namespace tocsin::rules::parse
