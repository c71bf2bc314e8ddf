// Replaces the tokens of a grok expression by what their names stand for, until none is left.
//
//     "%{INT:pid} x"  ->  "(?<INT:pid>(?:[+-]?(?:[0-9]+))) x"
//
// A named token becomes a capturing group of its whole spelling, an unnamed one a group that does
// not capture (so that bars in a body stay inside). The outcome is in the dialect of the
// definitions (Ruby's); dialect.hpp translates it.
// Errors:  kUnknownName for a name without definition, kLimit for more than kMaxSubstitutions
//          (definitions that use themselves) or kMaxExpandedBytes; each at the place of the token,
//          be it in the expression or in the pattern file that brought it in.
// Source:  reference of the grok filter, section 1. There, replacing is textual and a token may
//          even begin in one body and end in another; here it stands whole in one of them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "src/rules/grok/pattern_library.hpp"
#include "src/rules/grok/place.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::grok {

inline constexpr std::size_t kMaxSubstitutions = 10'000;
inline constexpr std::size_t kMaxExpandedBytes = std::size_t{256} << 10;

// Whether %{NAME} without a field captures, under its own name.
enum class Unnamed { kDoNotCapture, kCapture };

// A regular expression that knows for each byte which text it came from.
class Expansion {
 public:
  // Appends `text`, which stands at `place`.
  void append(std::string_view text, const Place& place);

  // What one token became.
  struct Span {
    std::size_t begin;  // of its group in regex(), and behind it
    std::size_t end;
    std::string name;  // INT:pid:int
  };
  // Appends `opening`, with which the group of a token begins; close() ends the one opened last.
  // These stand nowhere: complaints about them are about `place`, that of the token.
  void open(std::string_view opening, std::string_view name, const Place& place);
  void close(const Place& place);

  [[nodiscard]] const std::string& regex() const { return regex_; }
  // In the order in which they begin, so that outer ones come before what is within them.
  [[nodiscard]] const std::vector<Span>& spans() const { return spans_; }
  [[nodiscard]] Place place_of(std::size_t offset) const;

 private:
  void append_made_up(std::string_view text, const Place& place);

  struct Run {
    std::size_t offset;
    Place place;
    bool made_up;
  };
  std::string regex_;
  std::vector<Run> runs_;  // ascending
  std::vector<Span> spans_;
  std::vector<std::size_t> open_;  // indices of spans
};

[[nodiscard]] Result<Expansion> expand(std::string_view expression, const Place& place,
                                       const PatternLibrary& library, Unnamed unnamed);

}  // namespace tocsin::rules::grok
