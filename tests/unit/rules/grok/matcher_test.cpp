#include "src/rules/grok/matcher.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "tests/support/counting_new.hpp"

namespace tocsin::rules::grok {
namespace {

using Outcome = Matcher::Outcome;

constexpr Effort kEnough = std::chrono::seconds(30);

PatternLibrary library() {
  PatternLibrary library;
  REQUIRE(library.add_text("INT [+-]?\\d+\nWORD \\b\\w+\\b\nDATA .*?\nGREEDYDATA .*\n", "f"));
  return library;
}

Matcher compiled(std::initializer_list<const char*> expressions, MatcherOptions options = {}) {
  options.effort = kEnough;
  std::vector<PlacedText> texts;
  for (const char* text : expressions) texts.push_back({text, {"here", 1, 1}});
  auto matcher = Matcher::compile(texts, library(), options);
  REQUIRE(matcher);
  return *std::move(matcher);
}

// "field=value field=value"
std::string described(const Matcher& matcher, const Captures& captures) {
  std::string text;
  for (const Captured& captured : captures) {
    text += (text.empty() ? "" : " ") + matcher.fields()[captured.field].spelling + "=";
    append_json(to_value(captured.value), text);
  }
  return text;
}

std::string matched(const Matcher& matcher, std::string_view line, Matcher::Found expected) {
  const Subject subject(line);
  Captures captures;
  const Matcher::Found found = matcher.match(subject, captures);
  CHECK(found.outcome == expected.outcome);
  CHECK(found.expression == expected.expression);
  return described(matcher, captures);
}

TEST_CASE("captures have the types that the expression says") {
  const Matcher matcher = compiled({"%{WORD:verb} %{INT:[http][status]:int} %{DATA:took:float}s"});
  CHECK(matched(matcher, "GET 200 0.25s", {Outcome::kMatch, 0}) ==
        R"(verb="GET" [http][status]=200 took=0.25)");
}

TEST_CASE("the first expression that matches counts") {
  const Matcher matcher = compiled({"x%{INT:a}", "y%{INT:b}", "%{WORD:a}"});
  CHECK(matcher.fields().size() == 2);
  CHECK(matched(matcher, "y2", {Outcome::kMatch, 1}) == R"(b="2")");
  CHECK(matched(matcher, "z2", {Outcome::kMatch, 2}) == R"(a="z2")");
  CHECK(matched(matcher, "!", {Outcome::kNoMatch, Matcher::kNone}).empty());
}

TEST_CASE("without a break captures of all that match add up") {
  MatcherOptions options;
  options.break_on_match = false;
  const auto expressions = {"%{INT:a}", "%{WORD:b}", "never%{INT:c}"};
  CHECK(matched(compiled(expressions, options), "7", {Outcome::kMatch, 1}) == R"(a="7" b="7")");
  options.compat = true;
  CHECK(matched(compiled(expressions, options), "7", {Outcome::kNoMatch, 1}) == R"(a="7" b="7")");
}

TEST_CASE("empty captures are delivered when they are kept, and numbers always") {
  const auto expressions = {"a=%{DATA:a};n=%{DATA:n:int};(?:b=%{INT:b:int})?"};
  CHECK(matched(compiled(expressions), "a=;n=;", {Outcome::kMatch, 0}) == "n=0");
  MatcherOptions options;
  options.keep_empty_captures = true;
  CHECK(matched(compiled(expressions, options), "a=;n=;", {Outcome::kMatch, 0}) ==
        R"(a="" n=0 b=null)");
}

TEST_CASE("of many expressions the first that matches counts, with or without a literal") {
  const Matcher matcher = compiled({"user %{WORD:a} left", "user %{WORD:b} came", "^%{INT:c}$",
                                    "user %{WORD:d}", "- (?<e>[a-z]+)\xC3\xA9", "%{GREEDYDATA:f}"});
  CHECK(matched(matcher, "user ann left", {Outcome::kMatch, 0}) == R"(a="ann")");
  CHECK(matched(matcher, "user ann came", {Outcome::kMatch, 1}) == R"(b="ann")");
  CHECK(matched(matcher, "42", {Outcome::kMatch, 2}) == R"(c="42")");
  CHECK(matched(matcher, "user ann", {Outcome::kMatch, 3}) == R"(d="ann")");
  CHECK(matched(matcher, "user 7 came\nuser 8 left", {Outcome::kMatch, 0}) == R"(a="8")");
  CHECK(matched(matcher, "- caf\xC3\xA9", {Outcome::kMatch, 4}) == R"(e="caf")");
  CHECK(matched(matcher, "users", {Outcome::kMatch, 5}) == R"(f="users")");
}

TEST_CASE(
    "with the reference's defect an expression that cannot match is the last one all the same") {
  MatcherOptions options;
  options.break_on_match = false;
  const auto expressions = {"aaa%{INT:a}", "bbb%{INT:b}", "ccc%{INT:c}"};
  CHECK(matched(compiled(expressions, options), "aaa1", {Outcome::kMatch, 0}) == R"(a="1")");
  options.compat = true;
  CHECK(matched(compiled(expressions, options), "aaa1", {Outcome::kNoMatch, 0}) == R"(a="1")");
  CHECK(matched(compiled(expressions, options), "ccc1", {Outcome::kMatch, 2}) == R"(c="1")");
}

TEST_CASE("an empty capture of no text at all is empty, not absent") {
  const Matcher matcher = compiled({"%{DATA:n:int}"});
  Subject subject;
  Captures captures;
  subject.view(std::string_view());
  REQUIRE(matcher.match(subject, captures).outcome == Outcome::kMatch);
  REQUIRE(captures.size() == 1);
  CHECK(captures[0].value == CapturedValue{std::int64_t{0}});
}

TEST_CASE("an expression that gives up ends the matching; what came before it stays") {
  MatcherOptions options;
  options.break_on_match = false;
  const std::vector<PlacedText> texts = {
      {"%{WORD:w}", {}}, {"(?:a+)+[xy]", {}}, {"%{WORD:never}", {}}};
  const auto matcher = Matcher::compile(texts, library(), options);
  REQUIRE(matcher);
  CHECK(matched(*matcher, "a " + std::string(20'000, 'a') + "!", {Outcome::kGaveUp, 1}) ==
        R"(w="a")");
}

TEST_CASE("effort that is shared is used up") {
  const Matcher matcher = compiled({"(?:a+)+[xy]", "(?:a+)+[vw]"});
  const Subject subject(std::string(20'000, 'a') + "!");
  Captures captures;
  Effort left{100};
  CHECK(matcher.match(subject, captures, left).outcome == Outcome::kGaveUp);
  CHECK(left < Effort{100});
}

TEST_CASE("matching allocates nothing in the steady state") {
  const Matcher matcher =
      compiled({"%{WORD:verb} %{INT:status:int} %{DATA:took:float}s", "%{GREEDYDATA:rest}"});
  const auto lines = {"GET 200 0.25s", "GET 99999999999999999999 1e3s", "h\xC3\xA9 !", "\xFF"};
  Subject subject;
  Captures captures;
  const auto match_all = [&] {
    for (const char* line : lines) {
      subject.view(line);
      CHECK(matcher.match(subject, captures).outcome == Outcome::kMatch);
    }
  };
  match_all();
  const std::uint64_t before = tocsin::testing::heap_allocations();
  for (int i = 0; i < 100; ++i) match_all();
  CHECK(tocsin::testing::heap_allocations() == before);
}

}  // namespace
}  // namespace tocsin::rules::grok
