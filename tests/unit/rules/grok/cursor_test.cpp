#include "src/rules/grok/cursor.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::grok {
namespace {

TEST_CASE("a cursor takes what it is asked for, and only that") {
  Cursor cursor("ab\xC3\xA9\xF0\x9F\x98\x80>c");
  CHECK_FALSE(cursor.take("b"));
  CHECK(cursor.take("ab"));
  CHECK(cursor.take_code_point() == U'\u00E9');
  CHECK(cursor.take_code_point() == U'\U0001F600');
  CHECK(cursor.take_until("<").empty());
  CHECK(cursor.sees(">c"));
  CHECK(cursor.take_until("c") == ">");
  CHECK(cursor.at_end());
  CHECK(cursor.peek() == '\0');
}

TEST_CASE("the first complaint stays, and nothing is left to read") {
  Cursor cursor("abc");
  cursor.fail(1, "first");
  cursor.fail(2, "second");
  CHECK(cursor.failed());
  CHECK(cursor.at_end());
  CHECK(cursor.failed_at() == 1);
  CHECK(cursor.complaint() == "first");
}

}  // namespace
}  // namespace tocsin::rules::grok
