#include "src/rules/grok/engine/match_starts.hpp"

#include <doctest/doctest.h>

#include <string_view>
#include <vector>

namespace tocsin::rules::grok::engine {
namespace {

std::vector<std::size_t> all(const MatchStarts& starts, std::string_view text) {
  std::vector<std::size_t> found;
  for (std::size_t at = starts.next(text, 0); at != MatchStarts::kNone;
       at = starts.next(text, at + 1)) {
    found.push_back(at);
  }
  return found;
}

using Offsets = std::vector<std::size_t>;

MatchStarts::Bytes bytes_of(std::string_view text) {
  MatchStarts::Bytes bytes{};
  for (const char c : text) bytes[static_cast<unsigned char>(c)] = true;
  return bytes;
}

TEST_CASE("a match may begin before every character and at the end until more is known") {
  CHECK(all(MatchStarts(false), "ab") == Offsets{0, 1, 2});
  CHECK(all(MatchStarts(false), "") == Offsets{0});
  CHECK(all(MatchStarts(true), "a\xC3\xA9z") == Offsets{0, 1, 3, 4});
}

TEST_CASE("only one offset begins the text, several begin lines") {
  MatchStarts text(false);
  text.only_at_text_start();
  CHECK(all(text, "a\nb") == Offsets{0});
  MatchStarts lines(false);
  lines.only_at_line_starts();
  CHECK(all(lines, "a\n\nb\n") == Offsets{0, 2, 3, 5});
}

TEST_CASE("offsets before bytes of a set, whatever its size") {
  MatchStarts one(false);
  one.only_before(bytes_of("x"));
  CHECK(all(one, "xaxx") == Offsets{0, 2, 3});
  CHECK(all(one, "") == Offsets{});
  MatchStarts two(false);
  two.only_before(bytes_of("xy"));
  CHECK(all(two, "yaxb") == Offsets{0, 2});
}

TEST_CASE("no match begins inside of a character") {
  MatchStarts starts(true);
  starts.only_before(bytes_of("\xA9z"));
  CHECK(all(starts, "\xC3\xA9z") == Offsets{2});
}

TEST_CASE("behind the last of a required byte no match begins") {
  MatchStarts starts(false);
  CHECK(starts.last("abc") == 3);
  starts.require('=');
  CHECK(starts.last("a=b=c") == 3);
  CHECK(starts.last("abc") == MatchStarts::kNone);
  CHECK(starts.last("") == MatchStarts::kNone);
  starts.require('k');
  CHECK(starts.last("KkaK.") == 3);
  CHECK(starts.last("kKak.") == 3);
  CHECK(starts.last("K..") == 0);
}

}  // namespace
}  // namespace tocsin::rules::grok::engine
