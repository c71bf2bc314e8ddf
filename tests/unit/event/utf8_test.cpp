#include "src/event/utf8.hpp"

#include <doctest/doctest.h>

#include <string>

using tocsin::event::is_utf8;

TEST_CASE("well-formed UTF-8 is accepted wherever it stands in a long text") {
  for (const char* character : {"a", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                                "\xEE\x80\x80", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    for (std::size_t before = 0; before < 12; ++before) {
      CHECK(is_utf8(std::string(before, 'x') + character + "tail of text"));
    }
  }
  CHECK(is_utf8(""));
}

TEST_CASE("overlong, cut, surrogate and too large forms are refused") {
  for (const char* bytes :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xE0\x9F\xBF", "\xE2\x82", "\xED\xA0\x80",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x28\xA1"}) {
    for (std::size_t before = 0; before < 12; ++before) {
      CHECK_FALSE(is_utf8(std::string(before, 'x') + bytes));
    }
  }
}
