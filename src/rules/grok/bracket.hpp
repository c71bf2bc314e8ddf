// Reads Ruby's bracket expressions and named sets into CharacterSet.
//
//     [a-z_]  [^"]  [a[bc]]  [[[:alnum:]]_%]  [a-z&&[^aeiou]]  [\w.\p{L}-]
//
// A union binds tighter than &&; a leading ^ negates the whole. ']' stands for itself in first
// place when another one follows; '-' does at either end and beside a named set.
// Source:  Onigmo doc/RE, sections 3 and 6.
#pragma once

#include <cstdint>
#include <optional>

#include "src/rules/grok/character_set.hpp"
#include "src/rules/grok/cursor.hpp"

namespace tocsin::rules::grok {

// What \w, \d, \s and POSIX brackets mean: (?d), (?a), (?u).
enum class Range : std::uint8_t {
  kDefault,  // \w \d \s of ASCII, \b and POSIX brackets of Unicode
  kAscii,
  kUnicode,
};

struct SetOptions {
  bool ignore_case = false;
  Range range = Range::kDefault;
};

// The cursor stands behind '['.
[[nodiscard]] CharacterSet take_bracket(Cursor& cursor, const SetOptions& options);

// \w \W \d \D \s \S \h \H \p{..} \P{..}: the cursor stands behind the backslash. Empty: none of
// them is next, and nothing was passed.
[[nodiscard]] std::optional<CharacterSet> take_escaped_set(Cursor& cursor,
                                                           const SetOptions& options);

}  // namespace tocsin::rules::grok
