// Translates Ruby's regular expressions (Oniguruma, Joni), in which grok patterns are written, to
// PCRE2's. Nothing is copied unread: every construct is parsed and written anew, so that none of
// PCRE2's own (verbs, \Q, callouts) slips through and none of Ruby's is misread.
//
// Two texts come out, of one structure and with the same groups: one for lines that are ASCII, to
// be compiled without UTF, and one for all others, with UTF and without UCP. On ASCII lines they
// agree.
//
//     Ruby                      ASCII text        UTF text
//     (?<INT:n>\d+)             ([0-9]+)          ([0-9]+)            group 1 is INT:n
//     \bcafé                    \bcaf(?:(?!))     (?(?<=W)(?!W)|(?=W))café, W a word character
//     a(?i)b|c                  a(?i:b|c)         the same: the option takes in the bar
//     (?m)  [a[bc]]  x{,3}      dot-all, [abc], x{0,3}; further rows in the source below
//
// Both are meant for the options kAsciiOptions and kUtfOptions of regex.cpp: dot-all, multi-line,
// newline is LF. Plain groups do not capture once a group has a name, as in Ruby; groups are
// numbered in the order of their names' appearance, and \k<name>, \g<name> follow.
// Errors:  kSyntax for what Ruby refuses, kUnsupported for what is not offered: absence operators
//          (?~..), back references with a level \k<n+1>, \M-x.
// Differs: a subroutine call \g<name> leaves the group's capture as it was, where Ruby sets it.
// Source:  Onigmo doc/RE; reference of the grok filter, section 3 (the whole table).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "src/rules/grok/expansion.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::grok {

struct Translation {
  struct Mark {
    std::size_t written;
    std::size_t read;
  };

  std::string ascii;
  std::string utf;
  // Of group 1, 2 and so on: the names as they are spelt, which may repeat. Groups without a name,
  // which only capture when no group has one, are called "".
  std::vector<std::string> groups;
  std::vector<Mark> marks;  // ascending: which byte of `utf` comes from which of the source

  // For complaints of PCRE2 about `utf`.
  [[nodiscard]] std::size_t read_at(std::size_t written) const;
};

// Whether groups without a name capture, in an expression in which no group has one.
enum class PlainGroups { kWhereReferredTo, kCapture };

[[nodiscard]] Result<Translation> translate(const Expansion& source,
                                            PlainGroups plain = PlainGroups::kWhereReferredTo);

}  // namespace tocsin::rules::grok
