// Makes the operations of a program from the tree of a regular expression.
//
// The idea: log lines are made to be taken apart from left to right, and most expressions on them
// have one way to go, if one looks at what follows. Four rules find it, none changes what matches:
//
//   1. A repeat of a set stops where the next byte cannot follow: "[0-9]+ " never gives a digit
//      back, since a digit is no blank. It needs no frame.
//   2. An alternation looks at the next byte first, and where several branches are left it consumes
//      the byte for all of them and looks again: "2[0-4][0-9]|25[0-5]" needs no frame either.
//   3. What consumes only bytes that cannot follow it has one possible end: the first byte of the
//      other kind. So once "(?:a+b?)+ " was matched its frames are dropped, whatever the rest does.
//   4. Where nothing behind can fail there is nothing to come back for.
//
// Example: of COMBINEDAPACHELOG what is left are the two forms of the request and the giving back
// of its \S+; all else goes straight through.
// Kept:    order of preference and captures, as PCRE2 has them.
// Refused: opaque nodes; repeats of what may be empty; groups within negative lookarounds;
//          lookbehinds of variable length; programs beyond kMostOperations. The caller then uses
//          PCRE2.
// Source:  rule 1 is PCRE2's auto-possessification, taken further; the graph of steps with a stack
//          of frames is R. Cox, "Regular Expression Matching: the Virtual Machine Approach" (2009).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/rules/grok/engine/follow.hpp"
#include "src/rules/grok/engine/operation.hpp"
#include "src/rules/grok/engine/prefixes.hpp"
#include "src/rules/grok/engine/syntax_tree.hpp"

namespace tocsin::rules::grok::engine {

inline constexpr std::size_t kMostOperations = 16'384;
inline constexpr std::size_t kMostMarks = 64;
inline constexpr std::size_t kMostCounters = 64;
inline constexpr std::size_t kMostPivots = 4;

// A literal that every match holds once and outside of all choices: what is before it does not bear
// on whether the rest behind it matches.
struct Pivot {
  std::string literal;
  std::size_t rarest = 0;  // the offset in it of its rarest byte
  std::uint32_t rest = 0;  // the operation behind it
};

enum class Begin : std::uint8_t { kAnywhere, kTextStart, kLineStarts };

struct Compiled {
  Tables tables;
  std::uint32_t start = 0;
  Follow first{};  // what a match may begin with
  Begin begin = Begin::kAnywhere;
  std::vector<Prefix> prefixes;  // what every match begins with; empty: not worth to be looked for
  std::vector<Pivot> pivots;     // the rarest, in their order in a match
};

// `tree` gets nodes that the rules make. Empty: refused.
[[nodiscard]] std::optional<Compiled> compile(SyntaxTree& tree);

}  // namespace tocsin::rules::grok::engine
