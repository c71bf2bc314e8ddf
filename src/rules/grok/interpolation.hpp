// Text with %{field} in it, as add_field, add_tag and their like take it.
// A field that is missing or null leaves its %{...} as it is written; an array gives its elements
// with commas between. Dates (%{+...}) are left as they are: this knows no time.
// Source:  reference of the grok filter, section 2, last row of the table.
#pragma once

#include <string>
#include <string_view>

#include "src/rules/grok/value.hpp"

namespace tocsin::rules::grok {

[[nodiscard]] std::string interpolate(std::string_view text, const Object& event);

}  // namespace tocsin::rules::grok
