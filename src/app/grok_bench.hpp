// `tocsin grok PATTERN... --bench`: what it costs to take the lines apart, by the grok engine from
// the line to typed fields, and by PCRE2 alone on the expanded expressions, which leaves offsets
// only.
//
//     2000 lines of 107 bytes: 1998 match, 2 do not, 0 gave up
//              ns/line   lines/s on one core
//     grok         150             6,666,667
//     PCRE2        420             2,380,952
//     grok is 2.8 times as fast; both agree on every line
//
// PCRE2 is measured as grok uses it where its own engine does not decide: machine code, on ASCII
// lines without UTF, with the same limit of effort.
// Before anything is measured both search each line; whether it matches, by which expression, and
// all groups are compared. Figures are medians over passes through all lines, in turn, of CPU time.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "src/rules/grok/matcher.hpp"

namespace tocsin::app {

// `lines`: at least one. Returns 0, or 1 when the two disagree: then the line is told on `err`, and
// nothing is measured.
[[nodiscard]] int run_grok_bench(const rules::grok::Matcher& matcher,
                                 const std::vector<std::string>& lines, std::ostream& out,
                                 std::ostream& err);

}  // namespace tocsin::app
