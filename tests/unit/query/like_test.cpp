#include "src/query/like.hpp"

#include <doctest/doctest.h>

#include <string>

using tocsin::query::LikePattern;

TEST_CASE("'%' stands for any text, the rest for itself, anchored at both ends") {
  struct Row {
    const char* pattern;
    const char* text;
    bool matches;
  };
  const Row rows[] = {
      {"api.%", "api.latency", true},
      {"api.%", "api.", true},
      {"api.%", "my.api.latency", false},
      {"%.p95", "checkout.p95", true},
      {"%.p95", "checkout.p950", false},
      {"a%b%c", "axxbyyc", true},
      {"a%b%c", "acb", false},
      {"a%a", "a", false},  // the two ends may not share a letter
      {"a%a", "aa", true},
      {"%ab%ab%", "ab", false},
      {"%ab%ab%", "xabab", true},
      {"%", "anything", true},
      {"%%", "", true},
      {"plain", "plain", true},
      {"plain", "plain ", false},
      {"a.c*[x]?_", "a.c*[x]?_", true},  // no other wildcard
      {"a.c*[x]?_", "abc*[x]?_", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    CAPTURE(row.text);
    CHECK(LikePattern(row.pattern).matches(row.text) == row.matches);
  }
}

TEST_CASE("the prefix is what stands before the first '%'") {
  CHECK(LikePattern("api.%").prefix() == "api.");
  CHECK(LikePattern("%api").prefix().empty());
  CHECK(LikePattern("api").is_literal());
  CHECK(LikePattern("api").prefix() == "api");
}

TEST_CASE("a pattern that is hard for backtracking is linear here") {
  std::string pattern = "%";
  for (int i = 0; i < 100; ++i) pattern += "a%";
  const std::string text(200'000, 'a');
  CHECK(LikePattern(pattern).matches(text));
  CHECK_FALSE(LikePattern(pattern + "b").matches(text));
}
