// How often something may repeat, in Ruby's spelling and in PCRE2's. Where they differ:
//
//     x{,n}     is x{0,n}
//     x{n,m}+   repeats a repeat, it is not possessive; nor is x{n}? lazy: it is (?:x{n})?
//     x?* x+*   repeats of repeats, which collapse
//     x{a}      is no quantifier at all
//
// Source:  Onigmo doc/RE, section 4; reference of the grok filter, section 3.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "src/rules/grok/cursor.hpp"

namespace tocsin::rules::grok {

struct Quantifier {
  enum class Kind : std::uint8_t { kGreedy, kLazy, kPossessive };
  static constexpr std::uint32_t kUnbounded = 0xFFFF'FFFF;

  std::uint32_t least = 0;
  std::uint32_t most = kUnbounded;
  Kind kind = Kind::kGreedy;

  bool operator==(const Quantifier&) const = default;
};

// The quantifier that is next, if one is.
[[nodiscard]] std::optional<Quantifier> take_quantifier(Cursor& cursor);

// One quantifier with the meaning of `inner` repeated as `outer` says; empty: there is none.
[[nodiscard]] std::optional<Quantifier> collapsed(const Quantifier& inner, const Quantifier& outer);

void append(const Quantifier& quantifier, std::string& out);

}  // namespace tocsin::rules::grok
