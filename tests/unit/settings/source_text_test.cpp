#include "src/settings/source_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tocsin::settings {
namespace {

std::string complaint(std::string_view text) {
  Complaints complaints("f");
  const bool good = SourceText(text).check(complaints);
  CHECK(good == complaints.empty());
  return good ? "" : complaints.take().at(0).message();
}

TEST_CASE("offsets and positions are each other's reverse, in characters") {
  const SourceText source("ab\n\xC3\xB6x\n");
  CHECK(source.position(0) == Position{1, 1});
  CHECK(source.position(3) == Position{2, 1});
  CHECK(source.position(5) == Position{2, 2});
  CHECK(source.position(7) == Position{3, 1});
  CHECK(source.offset(1, 2) == 5);
  SUBCASE("what does not exist is the nearest that does") {
    CHECK(source.position(99) == Position{3, 1});
    CHECK(source.offset(9, 0) == 7);
    CHECK(source.offset(0, 99) == 3);
    CHECK(source.offset(-1, -1) == 0);
  }
}

TEST_CASE("ordinary text passes, whatever its language and its line ends") {
  for (const std::string_view text : {"", "a: b\n", "a:\r\n  b: c\r\n",
                                      "gr\xC3\xB6\xC3\x9F"
                                      "e: \xE2\x82\xAC \xF0\x9F\x94\x94\n",
                                      "a: b\tc\n", "a:\n\t# a comment\n\t\n  b: c\n"}) {
    CAPTURE(text);
    CHECK(complaint(text).empty());
  }
}

TEST_CASE("what would mislead is refused where it stands") {
  CHECK(complaint("a:\n \tb: c\n") == "f:2:2: found a tab, expected spaces as indentation");
  CHECK(complaint("a\rb").substr(0, 6) == "f:1:2:");
  CHECK(complaint("\xC3\xB6\x01").substr(0, 6) == "f:1:2:");
  for (const char* bad :
       {"\xFF", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80", "\xC3"}) {
    CHECK(complaint(bad) == "f:1:1: found a byte that is not UTF-8, expected UTF-8 text");
  }
}

TEST_CASE("a byte order mark is left out") {
  CHECK(SourceText("\xEF\xBB\xBFx").text() == "x");
}

}  // namespace
}  // namespace tocsin::settings
