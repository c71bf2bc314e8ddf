#include "src/rules/grok/bracket.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tocsin::rules::grok {
namespace {

std::string utf(std::string_view text, const SetOptions& options = {}) {
  Cursor cursor(text);
  cursor.skip(1);
  const CharacterSet set = take_bracket(cursor, options);
  CAPTURE(text);
  CHECK_FALSE(cursor.failed());
  CHECK(cursor.at_end());
  std::string out;
  set.append_utf(out);
  return out;
}

TEST_CASE("bracket expressions are read as Ruby reads them") {
  struct Row {
    const char* text;
    const char* written;
  };
  const Row rows[] = {
      {"[a-z_]", "[\\_a-z]"},
      {"[^\"]", "[^\\\"]"},
      {"[a[bc]]", "[a-c]"},
      {"[a-z&&[^aeiou]]", "[b-df-hj-np-tv-z]"},
      {"[^a-c&&b]", "[^b]"},
      {"[a&&a&&b]", "(?:(?!))"},
      {"[\\w.-]", "[\\-\\.0-9A-Z\\_a-z]"},
      {"[\\d-x]", "[\\-0-9x]"},
      {"[-a]", "[\\-a]"},
      {"[a-\\d]", "[\\-0-9a]"},
      {"[]a]", "[\\]a]"},
      {"[\\]]", "[\\]]"},
      {"[\\b]", "[\\x{8}]"},
      {"[\\h]", "[0-9A-Fa-f]"},
      {"[:a]", "[\\:a]"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(utf(row.text) == row.written);
  }
}

TEST_CASE("POSIX names are of Unicode, unless told otherwise") {
  CHECK(utf("[[:digit:]]") == "[0-9\\p{Nd}]");
  CHECK(utf("[[:^digit:]]") == "[^0-9\\p{Nd}]");
  CHECK(utf("[[:digit:]]", {false, Range::kAscii}) == "[0-9]");
  CHECK(utf("[\\d]", {false, Range::kUnicode}) == "[0-9\\p{Nd}]");
  CHECK(utf("[[[:alnum:]]_%]") == "[\\%0-9A-Z\\_a-z\\p{L}\\p{M}\\p{Nd}]");
}

TEST_CASE("without regard to case both cases are in, or out") {
  CHECK(utf("[a-c]", {true, Range::kDefault}) == "[A-Ca-c]");
  CHECK(utf("[^a]", {true, Range::kDefault}) == "[^Aa]");
  CHECK(utf("[\\u212A]", {true, Range::kDefault}) == "[Kk\\x{212a}-\\x{212a}]");
}

TEST_CASE("sets that are wrong are refused where they begin") {
  for (const char* text : {"[a", "[]", "[^]", "[a[b]", "[a&&", "[\\p{Nope}]", "[z-a]", "[\\R]"}) {
    CAPTURE(text);
    Cursor cursor(text);
    cursor.skip(1);
    (void)take_bracket(cursor, {});
    CHECK(cursor.failed());
  }
}

TEST_CASE("named sets stand alone too") {
  Cursor cursor("p{^L}x");
  const auto set = take_escaped_set(cursor, {});
  REQUIRE(set.has_value());
  CHECK(cursor.rest() == "x");
  std::string out;
  set->append_ascii(out);
  CHECK(out == "[^A-Za-z]");
  Cursor letter("pq");
  CHECK_FALSE(take_escaped_set(letter, {}).has_value());
  CHECK(letter.rest() == "pq");
}

}  // namespace
}  // namespace tocsin::rules::grok
