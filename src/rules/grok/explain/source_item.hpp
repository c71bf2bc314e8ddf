// The item of a regular expression that begins at a place, as it is spelt in Ruby's dialect: for
// telling what was expected.
//
//     source_item("[0-9]+ x", 0) == "[0-9]+"     source_item("(?:a|b)?c", 0) == "(?:a|b)?"
#pragma once

#include <cstddef>
#include <string_view>

namespace tocsin::rules::grok::explain {

// A part of `regex`, quantifiers included. Precondition: an item begins at `at`, in a well-formed
// expression.
[[nodiscard]] std::string_view source_item(std::string_view regex, std::size_t at);

}  // namespace tocsin::rules::grok::explain
