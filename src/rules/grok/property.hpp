// The named sets of Ruby's regular expressions: [[:alpha:]], \p{Alpha}, \p{Lu}, \p{Greek}.
//
// Ruby's are about Unicode where PCRE2's (without UCP) are about ASCII; so each name is written as
// general categories. Names are compared without case, blanks, '-' and '_', as Ruby does.
// Source:  Onigmo doc/RE "Unicode Case" lists of POSIX brackets; reference of the grok filter,
//          section 3. What stands in no list of ours is asked of PCRE2 (scripts, binary
//          properties).
#pragma once

#include <optional>
#include <string_view>

#include "src/rules/grok/character_set.hpp"

namespace tocsin::rules::grok {

// Characters of words: what \b stands between, and [:word:].
inline constexpr std::string_view kWordItems = "\\p{L}\\p{M}\\p{N}\\p{Pc}";

// [:name:]; empty: no such name.
[[nodiscard]] std::optional<CharacterSet> find_posix_set(std::string_view name);

// \p{name}; empty: no such name.
[[nodiscard]] std::optional<CharacterSet> find_property(std::string_view name);

}  // namespace tocsin::rules::grok
