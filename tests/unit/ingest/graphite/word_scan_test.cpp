#include "ingest/graphite/word_scan.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

namespace tocsin::graphite {
namespace {

std::size_t length_of(const std::string& text) {
  return static_cast<std::size_t>(scan_word(text.data(), text.data() + text.size()).end -
                                  text.data());
}

bool is_plain(const std::string& text) {
  return scan_word(text.data(), text.data() + text.size()).plain;
}

TEST_CASE("a word ends at the first byte that is not above a space, wherever that is") {
  for (std::size_t length = 0; length < 70; ++length) {
    for (const char stop : {' ', '\n', '\t', '\0'}) {
      for (std::size_t behind = 0; behind < 40; behind += 13) {
        const std::string text = std::string(length, 'a') + stop + std::string(behind, ';');
        CHECK(length_of(text) == length);
        CHECK(is_plain(text));
      }
    }
    CHECK(length_of(std::string(length, 'a')) == length);
  }
}

TEST_CASE("a mark or a byte above ASCII is seen wherever it stands in the word") {
  for (std::size_t length = 1; length < 70; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (const char mark : {';', '{', '\x80', '\xFF'}) {
        std::string text(length, 'a');
        text[at] = mark;
        CHECK_FALSE(is_plain(text));
        CHECK_FALSE(is_plain(text + " 12345678901234567"));
        CHECK(length_of(text + " 1") == length);
      }
    }
  }
}

TEST_CASE("dots are found in order, as many as are asked for") {
  std::string text;
  std::vector<std::uint32_t> expected;
  for (std::uint32_t i = 0; i < 60; ++i) {
    if (i % 7 == 3 || i % 11 == 5) expected.push_back(i);
    text += expected.empty() || expected.back() != i ? 'a' : '.';
  }
  std::array<std::uint32_t, 64> found{};
  for (std::size_t limit = 0; limit <= expected.size() + 1; ++limit) {
    const std::size_t count = find_dots(text, limit, found.data());
    REQUIRE(count == std::min(limit, expected.size()));
    CHECK(std::vector<std::uint32_t>(found.begin(),
                                     found.begin() + static_cast<std::ptrdiff_t>(count)) ==
          std::vector<std::uint32_t>(expected.begin(),
                                     expected.begin() + static_cast<std::ptrdiff_t>(count)));
  }
  CHECK(find_dots("", 5, found.data()) == 0);
}

}  // namespace
}  // namespace tocsin::graphite
