#include "ingest/collectd/short_text.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace tocsin::collectd::testing {
namespace {

std::string text_of(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
  return text;
}

TEST_CASE("a text is plain if each of its bytes is ASCII other than NUL") {
  for (std::size_t size = 0; size <= 40; ++size) {
    std::string text = text_of(size);
    CHECK(is_plain(text));
    for (std::size_t i = 0; i < size; ++i) {
      for (const char c : {'\0', '\x80', '\xff'}) {
        std::string other = text;
        other[i] = c;
        CAPTURE(size);
        CAPTURE(i);
        CHECK_FALSE(is_plain(other));
      }
      for (const char c : {'\x01', '\x7f'}) {
        std::string other = text;
        other[i] = c;
        CHECK(is_plain(other));
      }
    }
  }
}

TEST_CASE("texts are equal if all their bytes are") {
  for (std::size_t size = 0; size <= 40; ++size) {
    const std::string text = text_of(size);
    CHECK(equal_short(text, text_of(size)));
    CHECK_FALSE(equal_short(text, text_of(size + 1)));
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = text;
      other[i] = '!';
      CHECK_FALSE(equal_short(text, other));
    }
  }
}

TEST_CASE("a copy is the text and touches nothing else") {
  for (std::size_t size = 0; size <= 70; ++size) {
    const std::string text = text_of(size);
    std::string to(size + 2, '.');
    CHECK(copy_short(to.data() + 1, text) == to.data() + 1 + size);
    CHECK(to == "." + text + ".");
  }
}

TEST_CASE("short texts hash apart") {
  std::set<std::uint64_t> hashes;
  std::set<std::uint64_t> low_bits;
  std::size_t texts = 0;
  for (std::size_t size = 0; size <= 16; ++size) {
    for (std::size_t i = 0; i < size; ++i) {
      std::string text(size, 'a');
      text[i] = 'b';
      hashes.insert(hash_ends(text));
      low_bits.insert(hash_ends(text) & 0xffff);
      ++texts;
    }
  }
  CHECK(hashes.size() == texts);
  CHECK(low_bits.size() >= texts - 3);
}

}  // namespace
}  // namespace tocsin::collectd::testing
