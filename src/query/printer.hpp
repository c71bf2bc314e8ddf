// Writes the canonical text of a predicate: parse(print(p)) is the same program as p.
#pragma once

#include <string>

#include "src/query/program.hpp"

namespace tocsin::query {

[[nodiscard]] std::string print(const Program& program);

}  // namespace tocsin::query
