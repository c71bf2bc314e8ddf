// Cuts the text of a predicate into tokens. Operators are never part of names: `metric>2` is three
// tokens.
// Errors:  a kInvalid token, the last one, whose `text` says what is wrong; the parser reports it
//          if it gets that far, so that the first fault in the text is the one that is told.
// Cost:    one pass; a copy of each string literal.
#pragma once

#include <string_view>
#include <vector>

#include "src/query/token.hpp"

namespace tocsin::query {

// Never empty; ends in kEnd or kInvalid.
[[nodiscard]] std::vector<Token> tokenise(std::string_view text);

// Whether `name` can be written as a field without quotes.
[[nodiscard]] bool is_bare_name(std::string_view name);

}  // namespace tocsin::query
