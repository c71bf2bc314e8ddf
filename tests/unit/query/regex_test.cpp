#include "src/query/regex.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using tocsin::query::Regex;
using Outcome = Regex::Outcome;

namespace {

Regex compiled(const char* pattern) {
  auto regex = Regex::compile(pattern);
  REQUIRE(regex.has_value());
  return *std::move(regex);
}

}  // namespace

TEST_CASE("a regular expression is found anywhere in the text") {
  const Regex regex = compiled("time(d )?out");
  CHECK(regex.search("request timed out after 3 s") == Outcome::kMatch);
  CHECK(regex.search("on time, out") == Outcome::kNoMatch);
  CHECK(regex.search({}) == Outcome::kNoMatch);
}

TEST_CASE("a search without end gives up, is counted, and does not match") {
  const Regex regex = compiled("^(a+)+$");
  CHECK(regex.search(std::string(64, 'a') + "b") == Outcome::kGaveUp);
  CHECK(regex.give_ups() == 1);
  CHECK(regex.search("aaa") == Outcome::kMatch);
  CHECK(regex.give_ups() == 1);
}

TEST_CASE("a long text that needs much stack is still searched") {
  const Regex regex = compiled("^(?:a|b)*c$");
  CHECK(regex.search(std::string(2000, 'a') + "c") == Outcome::kMatch);
}

TEST_CASE("a dot is a character, not a byte, and bytes that are not UTF-8 do no harm") {
  CHECK(compiled("^.$").search("\xC3\xA9") == Outcome::kMatch);
  CHECK(compiled("^.$").search("\xC3") == Outcome::kNoMatch);
  CHECK(compiled("disk").search("\xFF\xFE disk \x80") == Outcome::kMatch);
}

TEST_CASE("an expression that PCRE2 refuses says why and where") {
  const auto regex = Regex::compile("(abc");
  REQUIRE_FALSE(regex.has_value());
  CHECK(regex.error().code == tocsin::Errc::kSyntax);
  CHECK(regex.error().text.find("missing closing parenthesis (byte 4") != std::string::npos);
  CHECK_FALSE(Regex::compile("\\C").has_value());
}

TEST_CASE("threads share an expression") {
  const Regex regex = compiled("b+c");
  std::vector<std::thread> threads;
  std::vector<int> matches(4, 0);
  for (int& mine : matches) {
    threads.emplace_back([&regex, &mine] {
      for (int i = 0; i < 1000; ++i) mine += regex.search("aabbcc") == Outcome::kMatch ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(matches == std::vector<int>(4, 1000));
}
