// Gsub: replaces every match of an expression in fields.
//
//     [path, "/\d+", "/:id"]        "/users/42/posts/7" -> "/users/:id/posts/:id"
//
// The expression is Ruby's, as in grok (without %{NAME}). In the replacement \1 to \9 and \k<name>
// are groups, \0 is all of the match, \\ a backslash; %{field} is another field. Of a list each
// text. kGaveUp: a search reached its limit of effort, or the outcome is longer than kMostBytes;
// the field
//          is then as it was.
// Cost:    without the heap. An expression without special letters is searched as a plain text.
// Source:  Logstash's mutate filter; Ruby's String#gsub.
#pragma once

#include <string>
#include <vector>

#include "src/rules/grok/place.hpp"
#include "src/rules/parse/operation.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::parse {

struct GsubOptions {
  FieldName field;
  std::string expression;
  grok::Place place;  // of the expression
  std::string replacement;

  static constexpr std::size_t kMostBytes = std::size_t{256} << 10;
};

// Errors: kSyntax, kLimit of the expression, at its place.
[[nodiscard]] Result<OperationPtr> make_gsub(std::vector<GsubOptions> substitutions);

}  // namespace tocsin::rules::parse
