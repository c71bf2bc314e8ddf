#include "src/rules/grok/engine/set_pages.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::grok::engine {
namespace {

TEST_CASE("equal sets share a bit, and both of a pair are in one page") {
  SetPages pages;
  const ByteSet a = byte_range('a', 'c');
  const ByteSet b = byte_range('b', 'd');
  const SetPages::Bits first = pages.find_or_add(a, b);
  const SetPages::Bits second = pages.find_or_add(b, a);
  CHECK(first.page == second.page);
  CHECK(first.one == second.other);
  CHECK(first.other == second.one);
  const SetPage& page = pages.pages()[first.page];
  CHECK((page['a'] & first.one) != 0);
  CHECK((page['a'] & first.other) == 0);
  CHECK((page['d'] & first.other) != 0);
}

TEST_CASE("more sets than a page has bits go to further pages") {
  SetPages pages;
  for (std::size_t i = 0; i < 200; ++i) {
    ByteSet set;
    set.set(i);
    ByteSet other = set;
    other.set(255);
    const SetPages::Bits bits = pages.find_or_add(set, other);
    CHECK((pages.pages()[bits.page][i] & bits.one) != 0);
    CHECK((pages.pages()[bits.page][255] & bits.other) != 0);
    CHECK((pages.pages()[bits.page][255] & bits.one) == 0);
  }
  CHECK(pages.pages().size() >= 7);
}

TEST_CASE("a vector holds what its set holds of ASCII") {
  SetPages pages;
  const ByteSet set = byte_range('-', '9') | byte_range('\0', '\0') | byte_range('\x7F', '\x7F');
  const std::uint16_t number = pages.find_or_add_vector(set);
  CHECK(pages.find_or_add_vector(set) == number);
  const SetVector& vector = pages.vectors()[number];
  for (std::size_t byte = 0; byte < 0x80; ++byte) {
    CHECK((vector.rows[byte & 15] >> (byte >> 4) & 1) == (set[byte] ? 1 : 0));
  }
}

}  // namespace
}  // namespace tocsin::rules::grok::engine
