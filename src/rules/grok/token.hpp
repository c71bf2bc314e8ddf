// Finds the tokens of a grok expression:
//
//     %{SYNTAX}  %{SYNTAX:SEMANTIC}  %{SYNTAX:SEMANTIC:TYPE}  %{SYNTAX=regex}
//
// As tolerant as the reference: between what is understood and the closing brace anything may stand
// and is ignored, as in %{INT:n?} and %{INT }. What is no token is ordinary text of the expression.
// Source:  reference of the grok filter, section 1. The characters of SYNTAX are those from 'A' to
//          'z' in ASCII, so "_" and some punctuation count. Bodies of inline definitions end at the
//          first brace that none of their own opened; a backslash hides a brace.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace tocsin::rules::grok {

// Views the text it was found in.
struct Token {
  std::size_t begin = 0;        // of '%'
  std::size_t end = 0;          // behind '}'
  std::string_view syntax;      // INT
  std::string_view name;        // INT:pid:int, as the group is called; `syntax` when unnamed
  std::string_view definition;  // empty: none

  [[nodiscard]] bool is_named() const { return name.size() > syntax.size(); }
};

// The first token that begins at `from` or behind it.
[[nodiscard]] std::optional<Token> find_token(std::string_view text, std::size_t from) noexcept;

}  // namespace tocsin::rules::grok
