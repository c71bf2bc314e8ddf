#include "src/rules/grok/explain/explainer.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "src/rules/grok/pattern_set.hpp"

namespace tocsin::rules::grok::explain {
namespace {

PatternLibrary shipped() {
  const std::filesystem::path root =
      std::filesystem::path(TOCSIN_TEST_DATA) / ".." / ".." / "rules" / "patterns";
  auto library = load_pattern_set(root, PatternSet::kLegacy);
  REQUIRE(library);
  return *std::move(library);
}

Explainer made(std::string_view text) {
  static const PatternLibrary library = shipped();
  auto explainer = Explainer::make(text, {"here", 1, 1}, library, Unnamed::kDoNotCapture);
  if (!explainer) FAIL(explainer.error().message());
  return *std::move(explainer);
}

std::optional<Stop> stop_of(std::string_view text, std::string_view line) {
  std::uint32_t steps = Explainer::kMostSteps;
  return made(text).explain(Subject(line), steps);
}

std::string explained(std::string_view text, std::string_view line) {
  const auto stop = stop_of(text, line);
  return stop ? to_string(*stop) + ", at " + stop->place.text() : "no stop";
}

TEST_CASE("the first token that does not match is what was expected") {
  CHECK(explained("%{IP:client} %{WORD:verb} %{INT:status}", "10.0.0.1 GET x") ==
        "at byte 13 expected %{INT:status}, found 'x', at here:1:27");
  CHECK(explained("^%{INT:a}-%{INT:b}$", "12-34 x") ==
        "at byte 5 expected the end of the line ($), found ' x', at here:1:19");
  CHECK(explained("%{INT:a}, then %{INT:b}", "12, than 3") ==
        "at byte 6 expected 'en ', found 'an 3', at here:1:13");
  CHECK(explained("a\\[%{INT:b}\\]", "a[1") ==
        "at byte 3 expected ']', found the end of the line, at here:1:12");
}

TEST_CASE("what is furthest on in the expression counts, not what is in the line") {
  CHECK(explained("%{GREEDYDATA:text} status=%{INT:n}", "all well status=?") ==
        "at byte 16 expected %{INT:n}, found '?', at here:1:27");
  CHECK(explained("%{DATA:text} status=%{INT:n}", "all well status=?") ==
        "at byte 16 expected %{INT:n}, found '?', at here:1:21");
}

TEST_CASE("where nothing matches the first item is expected at the begin") {
  CHECK(explained("%{INT:n} x", "foo bar") ==
        "at byte 0 expected %{INT:n}, found 'foo bar', at here:1:1");
  CHECK(explained("%{INT:n}", "") ==
        "at byte 0 expected %{INT:n}, found the end of the line, at here:1:1");
}

TEST_CASE("inside a token that has begun it is said what was missing of it") {
  const std::string begun =
      R"(10.0.0.1 - - [21/Nov/2026:02:51:52 +0000] "GET / HTTP/1.1" 200 5 "-" )";
  const auto stop = stop_of("%{COMBINEDAPACHELOG}", begun + "\"curl");
  REQUIRE(stop);
  CHECK(stop->offset == begun.size() + 5);
  CHECK(stop->expected == "'\"'");
  CHECK(stop->found == "the end of the line");
  REQUIRE(stop->within.size() >= 2);
  CHECK(stop->within.front() == "%{QUOTEDSTRING}");
  CHECK(stop->within.back() == "%{COMBINEDAPACHELOG}");
  CHECK(stop->within_from == begun.size());
  const auto other = stop_of("%{COMBINEDAPACHELOG}", begun + "curl");
  REQUIRE(other);
  CHECK(to_string(*other).starts_with("at byte " + std::to_string(begun.size()) +
                                      " expected %{QS:agent} in %{HTTPD_COMBINEDLOG}"));
}

TEST_CASE("of branches the one that read most of the line is told") {
  CHECK(explained("^(?:%{INT:a}-x|%{WORD:b}=y)", "12-z") ==
        "at byte 3 expected 'x', found 'z', at here:1:14");
  CHECK(explained("^(?:%{INT:a}-x|%{WORD:b}=y)", "foo=z") ==
        "at byte 4 expected 'y', found 'z', at here:1:26");
}

TEST_CASE("what stands in a pattern file is told with its place there") {
  const std::string told = explained("%{SYSLOGBASE}", "Nov 21 02:51 web-1 app: x");
  CAPTURE(told);
  CHECK(told.starts_with("at byte 12 expected"));
  CHECK(told.find("in %{TIME}, which began at byte 7,") != std::string::npos);
  CHECK(told.find("legacy/grok-patterns:") != std::string::npos);
}

TEST_CASE("a line that matches does not stop") {
  CHECK(explained("%{INT:n}", "a 7") == "no stop");
}

TEST_CASE("assertions are looked at as one") {
  CHECK(explained("a(?=%{INT})", "ab") ==
        "at byte 1 expected /(?=(?:[+-]?[0-9]+))/, found 'b', at here:1:2");
  CHECK(explained("ab\\b", "abc") ==
        "at byte 2 expected a word boundary (\\b), found 'c', at here:1:3");
}

TEST_CASE("characters beyond ASCII are found whole") {
  CHECK(explained("caf\xC3\xA9 %{INT:n}", "caf\xC3\xA9 \xC3\xA9") ==
        "at byte 6 expected %{INT:n}, found '\xC3\xA9', at here:1:6");
}

TEST_CASE("a search that takes too long ends with what it has seen") {
  const auto stop = stop_of("(a|aa)+b%{INT:n}", std::string(200, 'a'));
  REQUIRE(stop);
  CHECK_FALSE(stop->searched_all);
}

TEST_CASE("the steps that a search takes are subtracted") {
  std::uint32_t steps = 50;
  CHECK(made("%{INT:n} x").explain(Subject("7 y"), steps));
  CHECK(steps < 50);
  const std::optional<Stop> stop = made("(a|aa)+b").explain(Subject("aaaaaaaaaaaa"), steps);
  CHECK(steps == 0);
  REQUIRE(stop);
  CHECK_FALSE(stop->searched_all);
}

TEST_CASE("items that pass much of a line at once count as many steps") {
  std::uint32_t steps = Explainer::kMostSteps;
  const auto stop = made("a++b").explain(Subject(std::string(65'536, 'a')), steps);
  REQUIRE(stop);
  CHECK(stop->expected == "'b'");
  CHECK_FALSE(stop->searched_all);
  CHECK(steps == 0);
}

TEST_CASE("every shipped pattern is small enough to be explained") {
  const std::string line = "\x01\x02 no pattern begins with this";
  const PatternLibrary library = shipped();
  for (const char* const name :
       {"COMBINEDAPACHELOG", "SYSLOGLINE", "BACULA_LOGLINE", "NAGIOSLOGLINE", "HAPROXYHTTP",
        "CISCOFW302020_302021", "ELB_ACCESS_LOG", "RAILS3"}) {
    CAPTURE(name);
    CHECK(stop_of("^%{" + std::string(name) + "}$", line));
  }
}

TEST_CASE("an expression that is wrong is refused as the compiler does") {
  const auto refused =
      Explainer::make("%{NOPE}", {"here", 3, 1}, shipped(), Unnamed::kDoNotCapture);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().where == "here:3:1");
}

}  // namespace
}  // namespace tocsin::rules::grok::explain
