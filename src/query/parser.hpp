// Reads the text of a predicate into its flat tree; the grammar is in docs/predicates.md. The form
// is canonical: fields on the left of literals, `x = nil` is `missing(x)`, constants folded.
// Errors:  kSyntax, kRange or kLimit; `where` is "line:column" in the text, 1-based, in characters.
// Cost:    recursion is bounded by Limits::depth, everything else by the length of the text.
#pragma once

#include <string_view>

#include "src/query/limits.hpp"
#include "src/query/program.hpp"
#include "tocsin/result.hpp"

namespace tocsin::query {

[[nodiscard]] Result<Program> parse(std::string_view text, const Limits& limits);

}  // namespace tocsin::query
