#include "src/rules/grok/character_set.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::grok {
namespace {

std::string ascii(const CharacterSet& set) {
  std::string out;
  set.append_ascii(out);
  return out;
}

std::string utf(const CharacterSet& set) {
  std::string out;
  set.append_utf(out);
  return out;
}

CharacterSet letters() {
  CharacterSet::Ascii bits;
  for (std::size_t c = 'a'; c <= 'z'; ++c) bits.set(c);
  return CharacterSet::property(bits, "\\p{Ll}");
}

CharacterSet both(CharacterSet a, const CharacterSet& b) {
  a &= b;
  return a;
}

CharacterSet either(CharacterSet a, const CharacterSet& b) {
  a |= b;
  return a;
}

TEST_CASE("sets within ASCII are exact brackets") {
  const CharacterSet a_to_c = CharacterSet::range('a', 'c');
  CHECK(utf(a_to_c) == "[a-c]");
  CHECK(ascii(~a_to_c) == "[^a-c]");
  CHECK(utf(~a_to_c) == "[^a-c]");
  CHECK(utf(both(a_to_c, ~CharacterSet::range('b', 'b'))) == "[ac]");
  CHECK(utf(either(a_to_c, CharacterSet::range('^', '^'))) == "[\\^a-c]");
}

TEST_CASE("nothing and everything have their own words") {
  CHECK(utf(CharacterSet()) == "(?:(?!))");
  CHECK(ascii(CharacterSet()) == "(?:(?!))");
  CHECK(utf(~CharacterSet()) == "(?s:.)");
  CHECK(ascii(~CharacterSet()) == "(?s:.)");
}

TEST_CASE("ranges go beyond ASCII") {
  const CharacterSet set = CharacterSet::range('x', 0xE9);
  CHECK(utf(set) == "[x-\\x{7f}\\x{80}-\\x{e9}]");
  CHECK(ascii(set) == "[x-\\x{7f}]");
}

TEST_CASE("properties stay properties while they can") {
  CHECK(utf(letters()) == "[a-z\\p{Ll}]");
  CHECK(utf(~letters()) == "[^a-z\\p{Ll}]");
  CHECK(utf(either(letters(), CharacterSet::range('_', '_'))) == "[\\_a-z\\p{Ll}]");
  CHECK(ascii(letters()) == "[a-z]");
}

TEST_CASE("what brackets cannot say becomes an expression for one character") {
  CHECK(utf(both(letters(), ~CharacterSet::range('b', 'z'))) ==
        "(?:[a]|(?![\\x{0}-\\x{7f}])[\\p{Ll}])");
  const CharacterSet greek = CharacterSet::property({}, "\\p{Greek}");
  CHECK(utf(both(letters(), greek)) == "(?:(?![\\x{0}-\\x{7f}])(?:(?=[\\p{Ll}])[\\p{Greek}]))");
  CHECK(utf(either(letters(), ~greek)) ==
        "(?:[\\x{0}-\\x{7f}]|(?![\\x{0}-\\x{7f}])(?:[\\p{Ll}]|[^\\p{Greek}]))");
}

TEST_CASE("both cases come in where case does not count") {
  CharacterSet set = CharacterSet::range('k', 'k');
  set.ignore_ascii_case();
  CHECK(utf(set) == "[Kk]");
  CHECK(utf(~set) == "[^Kk]");
}

}  // namespace
}  // namespace tocsin::rules::grok
