// Mutate: several changes in one step, made in Logstash's fixed order, in whatever order they are
// written: coerce, rename, update, replace, convert, gsub, uppercase, capitalize, lowercase, strip,
// split, join, merge, copy. Steps behind each other give another order.
#pragma once

#include <vector>

#include "src/rules/parse/operation.hpp"

namespace tocsin::rules::parse {

// `operations`: in the order in which they are made. The first that fails ends the step.
[[nodiscard]] OperationPtr make_mutate(std::vector<OperationPtr> operations);

}  // namespace tocsin::rules::parse
