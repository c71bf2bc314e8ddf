#include "src/rules/grok/escape.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace tocsin::rules::grok {
namespace {

struct Row {
  std::string_view text;  // behind the backslash
  char32_t code;
  std::string_view rest;
};

TEST_CASE("escapes stand for code points") {
  const Row rows[] = {
      {"tx", '\t', "x"},
      {"v", '\v', ""},
      {"e", 0x1B, ""},
      {"0x", 0, "x"},
      {"1018", 'A', "8"},
      {"x41F", 'A', "F"},
      {"x{1F600}z", 0x1F600, "z"},
      {"u00e9z", 0xE9, "z"},
      {"xC3\\xA9z", 0xE9, "z"},
      {"cAz", 1, "z"},
      {"C-az", 1, "z"},
      {"Q", 'Q', ""},
      {"Nx", 'N', "x"},
      {".", '.', ""},
      {"\xC3\xA9", 0xE9, ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const std::string text = "\\" + std::string(row.text);
    Cursor cursor(text);
    cursor.skip(1);
    CHECK(take_escaped_code_point(cursor) == row.code);
    CHECK_FALSE(cursor.failed());
    CHECK(cursor.rest() == row.rest);
  }
}

TEST_CASE("code points that do not exist are refused where the escape begins") {
  for (const char* text : {"ab\\", "ab\\x{110000}", "ab\\uD800", "ab\\u12", "ab\\x{}", "ab\\x{41",
                           "ab\\xFF", "ab\\xC3z", "ab\\c"}) {
    CAPTURE(text);
    Cursor cursor(text);
    cursor.skip(3);
    (void)take_escaped_code_point(cursor);
    CHECK(cursor.failed());
    CHECK(cursor.failed_at() == 2);
  }
}

}  // namespace
}  // namespace tocsin::rules::grok
