// Dissect: takes a text apart at literal delimiters, without regular expressions.
//
//     mapping  "%{ts} %{+ts} %{src} [%{pid->}] %{?skip}: %{msg}"
//
//     %{a}       what stands before the next delimiter; the last field takes the rest
//     %{}  %{?a} the same, not stored
//     %{+a}      added to `a`, with the delimiter that stood before it; %{+a/2}: in this order
//     %{a->}     the delimiter behind it may repeat
//     %{&a}      stored under the name that %{?a} or %{*a} found
//
// Each delimiter must be found, in order; what stands before the first field at the beginning.
// Fields are replaced; what is empty is stored as empty text.
// kSkipped: the field to be taken apart is missing.
// Cost:    one pass; no allocation but for fields that are added to.
// Source:  Logstash's dissect filter, as described in the reference of grok, section 5.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/rules/parse/operation.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::parse {

struct DissectOptions {
  FieldName field;
  std::string mapping;
  struct Conversion {
    FieldName field;
    bool to_integer;  // else to a float
  };
  // On success. What does not spell a number stays, with a tag that says so:
  // _dataconversionuncoercible_FIELD_int
  std::vector<Conversion> convert;
};

// Errors: kSyntax with `where` "1:column" of the mapping.
[[nodiscard]] Result<OperationPtr> make_dissect(DissectOptions options);

}  // namespace tocsin::rules::parse
