// A set of characters, built as Ruby's bracket expressions build it (unions, intersections,
// negations, nested), and written as PCRE2 understands it: 10.42 knows neither [a[bc]] nor
// [a-z&&[^aeiou]] and would misread them in silence.
//
// The idea: what the set holds of ASCII is a bitmap, exact under every operation. What it holds
// beyond is nothing, everything, a list of PCRE2 items ("\p{L}\x{e9}") or all but such a list; only
// where operations leave these four (an intersection of two lists, say) does it become an
// expression with lookaheads for one character. So nearly every set is written as one bracket.
// Example: [a-c&&[^b]] has the bitmap {a, c} and nothing beyond, and is written [ac].
#pragma once

#include <bitset>
#include <cstdint>
#include <string>

namespace tocsin::rules::grok {

inline constexpr char32_t kLastAscii = 0x7F;

class CharacterSet {
 public:
  using Ascii = std::bitset<kLastAscii + 1>;

  CharacterSet() = default;
  explicit CharacterSet(const Ascii& ascii) : ascii_(ascii) {}
  // All code points from `first` to `last`.
  [[nodiscard]] static CharacterSet range(char32_t first, char32_t last);
  // What PCRE2 calls `items` within brackets, of which `ascii` lies in ASCII.
  [[nodiscard]] static CharacterSet property(const Ascii& ascii, std::string items);

  [[nodiscard]] CharacterSet operator~() const;
  CharacterSet& operator|=(const CharacterSet& other);
  CharacterSet& operator&=(const CharacterSet& other);

  // Both cases of every ASCII letter that it holds one case of. To be done with each part before
  // parts are combined, since [^a] without regard to case excludes A too.
  void ignore_ascii_case();

  [[nodiscard]] const Ascii& ascii() const { return ascii_; }

  // One atom: the same set for text that is ASCII, and for all of Unicode.
  void append_ascii(std::string& out) const;
  void append_utf(std::string& out) const;

 private:
  enum class Beyond : std::uint8_t { kNone, kAll, kItems, kAllButItems, kExpression };

  // A regular expression for one character; says nothing that holds of ASCII.
  [[nodiscard]] std::string beyond_expression() const;

  Ascii ascii_;
  Beyond beyond_ = Beyond::kNone;
  std::string items_;  // or the expression
  Ascii items_ascii_;  // what `items_` means within ASCII
};

}  // namespace tocsin::rules::grok
