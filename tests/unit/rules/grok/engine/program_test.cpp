#include "src/rules/grok/engine/program.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::rules::grok::engine {
namespace {

using Outcome = Program::Outcome;

Program compiled(std::string_view written) {
  auto program = Program::compile(written);
  REQUIRE(program);
  return *std::move(program);
}

constexpr std::size_t kMostGroups = 8;

struct Result {
  Outcome outcome;
  std::string groups;  // "0-3 1-2 -"
};

Result searched(const Program& program, std::string_view line, std::size_t from = 0) {
  PaddedText text;
  REQUIRE(text.assign(line));
  std::vector<std::size_t> groups(2 * kMostGroups);
  Workspace workspace;
  Result result{program.search(text, from, groups, workspace), {}};
  std::size_t used = kMostGroups;
  while (used > 0 && groups[2 * used - 1] == kUnset) --used;
  for (std::size_t i = 0; i < used && result.outcome == Outcome::kMatch; ++i) {
    if (i != 0) result.groups += " ";
    result.groups += groups[2 * i] == kUnset
                         ? "-"
                         : std::to_string(groups[2 * i]) + "-" + std::to_string(groups[2 * i + 1]);
  }
  return result;
}

std::string matched(std::string_view written, std::string_view line, std::size_t from = 0) {
  const Result result = searched(compiled(written), line, from);
  return result.outcome == Outcome::kMatch     ? result.groups
         : result.outcome == Outcome::kNoMatch ? "no"
                                               : "undecided";
}

TEST_CASE("a literal longer than a block is compared to its last byte, and no further") {
  for (const std::size_t size : {15U, 16U, 17U, 63U, 64U, 65U, 200U}) {
    CAPTURE(size);
    const std::string literal(size, 'z');
    const Program program = compiled("[0-9]" + literal);
    CHECK(searched(program, "-7" + literal).groups == "1-" + std::to_string(size + 2));
    for (const std::string& line : {literal, "7" + literal.substr(1), literal + "7z"}) {
      CHECK(searched(program, line).outcome == Outcome::kNoMatch);
    }
    std::string other = "7" + literal;
    other.back() = 'y';
    CHECK(searched(program, other).outcome == Outcome::kNoMatch);
  }
}

TEST_CASE("each operation does what its part of the expression means") {
  struct Row {
    const char* written;
    const char* line;
    const char* expected;
  };
  const Row rows[] = {
      {"abc", "xxabcx", "2-5"},
      {"a", "", "no"},
      {"", "x", "0-0"},
      {"[ab]+b", "aabab", "0-5"},
      {"([ab]+)b", "aabab", "0-5 0-4"},
      {"([ab]+?)b", "aabab", "0-3 0-2"},
      {"([ab]{2,3})[ab]*?c", "ababc", "0-5 0-3"},
      {"a{2,3}+a", "aaaa", "0-4"},
      {"a{2,3}+a", "aaa", "no"},
      {"(.*?),(.*)", "a,b,c", "0-5 0-1 2-5"},
      {"(.*),(.*)", "a,b,c", "0-5 0-3 4-5"},
      {"(a|ab)(c|bcd)(d*)", "abcd", "0-4 0-1 1-4 4-4"},
      {"(?>a|ab)c", "abc", "no"},
      {"(?:(a)|(b))+", "ab", "0-2 0-1 1-2"},
      {"(?:a|b)*c", "ababc", "0-5"},
      {"(?:ab?)*?b", "aab", "0-3"},
      {"(?:ab){2,3}", "ababababx", "0-6"},
      {"(?:[ab]c){9,11}c", "acacacacacacacacacacac", "no"},
      {"(?:[ab]c){9,11}", "acacacacacacacacacacacac", "0-22"},
      {"^b$", "a\nb\nc", "2-3"},
      {"^", "a\n", "0-0"},
      {"\\Ab", "ab", "no"},
      {"b\\z", "b\nb", "2-3"},
      {"b\\Z", "ab\n", "1-2"},
      {"\\bb", "ab b", "3-4"},
      {"\\Bb", "b ab", "3-4"},
      {"(?<=a)b", "bab", "2-3"},
      {"(?<!a)b", "abb", "2-3"},
      {"(?<=ab)c", "cabc", "3-4"},
      {"(?<!ab)c", "abcac", "4-5"},
      {"a(?=bc)b", "ababc", "2-4"},
      {"a(?!bc)b", "abcab", "3-5"},
      {"(?=(.*))a", "ab", "0-1 0-2"},
      {"a(?:b|)c", "abcac", "0-3"},
      {"(?:(?!))|b", "ab", "1-2"},
      {"(?:(x)|y)z|(y)", "y", "0-1 - 0-1"},
      {"x?(a)?b", "b", "0-1"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.written));
    CAPTURE(std::string(row.line));
    CHECK(matched(row.written, row.line) == row.expected);
  }
}

TEST_CASE("captures of branches that were given up are forgotten") {
  CHECK(matched("(?:(a)b|(a)c)", "ac", 0) == "0-2 - 0-1");
  CHECK(matched("(?:(a)(b)x|.*)", "aby") == "0-3");
  CHECK(matched("(?:(?:(a)|b)+x|[ab]*)", "aby") == "0-2");
}

TEST_CASE("a search may begin within a text, and looks at what is before") {
  CHECK(matched("a", "aba", 1) == "2-3");
  CHECK(matched("(?<=a)b", "ab", 1) == "1-2");
  CHECK(matched("\\Aa", "aa", 1) == "no");
  CHECK(matched("^a", "a\na", 1) == "2-3");
  CHECK(matched(".*a", "aba", 1) == "1-3");
  CHECK(matched("a", "a", 1) == "no");
  CHECK(matched("", "a", 1) == "1-1");
  CHECK(matched("abc=", "abc= abc=", 1) == "5-9");
}

TEST_CASE("a line that lacks the last piece is not tried from every offset") {
  // Without pivots each of the words would be tried: thousands of frames, more than there is fuel.
  const Program program = compiled("([a-z]+) ([a-z ]+) \\[([0-9]+)\\] \\\"([^\\\"]*)\\\"");
  std::string line;
  for (int i = 0; i < 300; ++i) line += "word ";
  CHECK(searched(program, line + "[12] \"x\"").outcome == Outcome::kMatch);
  CHECK(searched(program, line + "[12] \"x").outcome == Outcome::kNoMatch);
}

TEST_CASE("a place that no attempt reached is asked by itself") {
  const Program program = compiled("[0-9]+x?  \\[([a-z]+)\\]\\=([0-9])");
  CHECK(searched(program, "1 [a]=x 22  [b]=y 3  [c]=").outcome == Outcome::kNoMatch);
  CHECK(searched(program, "1 [a]=x 22  [b]=y 3  [c]=4").groups == "18-26 22-23 25-26");
}

TEST_CASE("what takes too long is left undecided") {
  const Program program = compiled("(?:a+)+[xy]");
  CHECK(searched(program, std::string(40, 'a') + "!").outcome == Outcome::kUndecided);
  CHECK(searched(program, std::string(kMostTextBytes + 1, 'x')).outcome == Outcome::kUndecided);
  const Program deep = compiled("(?:a|b)*a[cd]");
  CHECK(searched(deep, std::string(10'000, 'a')).outcome == Outcome::kUndecided);
}

TEST_CASE("expressions that it cannot do are no programs") {
  CHECK_FALSE(Program::compile("(a)\\g{1}"));
  CHECK_FALSE(Program::compile("(unclosed"));
}

}  // namespace
}  // namespace tocsin::rules::grok::engine
