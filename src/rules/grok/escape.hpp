// Escapes of Ruby's regular expressions that stand for one code point:
//
//     \t \n \v \f \r \a \e    \nnn \xHH \x{H...} \uHHHH    \cX \C-X    and \ before anything else
//
// A letter without a meaning of its own stands for itself, where PCRE2 would refuse it or take it
// for something of its own (\Q, \v, \N).
// Source:  Onigmo doc/RE, section 2; reference of the grok filter, section 3.
#pragma once

#include "src/rules/grok/cursor.hpp"

namespace tocsin::rules::grok {

// The cursor stands behind the backslash. Fails for a code point that does not exist, and for bytes
// \x80 to \xFF that make no character of UTF-8.
[[nodiscard]] char32_t take_escaped_code_point(Cursor& cursor);

}  // namespace tocsin::rules::grok
