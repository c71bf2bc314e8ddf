// JSON texts to the events that grok works on.
// Numbers keep what they are: without fraction and exponent an integer of any size, else a double.
// Errors:  kSyntax with the byte at which it stands in the text; nesting beyond 64 is refused.
#pragma once

#include <string_view>

#include "src/rules/grok/value.hpp"
#include "tocsin/result.hpp"

namespace tocsin::app {

[[nodiscard]] Result<rules::grok::Value> parse_grok_json(std::string_view text);

}  // namespace tocsin::app
