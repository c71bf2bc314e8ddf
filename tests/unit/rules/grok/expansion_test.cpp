#include "src/rules/grok/expansion.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::grok {
namespace {

const Place kHere{"rules.yaml", 7, 10};

PatternLibrary library() {
  PatternLibrary library;
  REQUIRE(
      library.add_text("DIGIT [0-9]\nINT %{DIGIT}+\nALT a|b\nBAD x%{NOPE}\nLOOP a%{LOOP}", "f"));
  return library;
}

std::string expanded(std::string_view text, Unnamed unnamed = Unnamed::kDoNotCapture) {
  const auto expansion = expand(text, kHere, library(), unnamed);
  REQUIRE(expansion);
  return expansion->regex();
}

TEST_CASE("tokens become groups, nested ones too") {
  CHECK(expanded("plain") == "plain");
  CHECK(expanded("x %{INT:n:int} y") == "x (?<INT:n:int>(?:[0-9])+) y");
  CHECK(expanded("%{ALT}c") == "(?:a|b)c");
  CHECK(expanded("%{INT}", Unnamed::kCapture) == "(?<INT>(?<DIGIT>[0-9])+)");
}

TEST_CASE("what became of each token is known, outer ones first") {
  const auto expansion = expand("x%{INT:n}|%{ALT}", kHere, library(), Unnamed::kDoNotCapture);
  REQUIRE(expansion);
  std::string told;
  for (const Expansion::Span& span : expansion->spans()) {
    told += span.name + " " + expansion->regex().substr(span.begin, span.end - span.begin) + "\n";
  }
  CHECK(told == "INT:n (?<INT:n>(?:[0-9])+)\nDIGIT (?:[0-9])\nALT (?:a|b)\n");
}

TEST_CASE("an inline definition holds from there on, in this expression only") {
  CHECK(expanded("%{FOO:x=[a-c]+} %{FOO}") == "(?<FOO:x>[a-c]+) (?:[a-c]+)");
  CHECK(expanded("%{DIGIT=[01]}%{INT}") == "(?:[01])(?:(?:[01])+)");
  CHECK(expanded("%{INT=<%{INT=7}>}") == "(?:<(?:7)>)");
  CHECK_FALSE(expand("%{FOO}", kHere, library(), Unnamed::kDoNotCapture));
}

TEST_CASE("an unknown name is reported where it stands") {
  const auto here = expand("ab %{NOPE:x}", kHere, library(), Unnamed::kDoNotCapture);
  REQUIRE_FALSE(here);
  CHECK(here.error().code == Errc::kUnknownName);
  CHECK(here.error().where == "rules.yaml:7:13");
  const auto nested = expand("%{BAD}", kHere, library(), Unnamed::kDoNotCapture);
  REQUIRE_FALSE(nested);
  CHECK(nested.error().where == "f:4:6");
}

TEST_CASE("a definition that uses itself is refused") {
  const auto loop = expand("%{LOOP}", kHere, library(), Unnamed::kDoNotCapture);
  REQUIRE_FALSE(loop);
  CHECK(loop.error().code == Errc::kLimit);
  CHECK(loop.error().where == "f:5:7");
}

TEST_CASE("an expression that grows without bound is refused") {
  PatternLibrary wide = library();
  wide.define("WIDE", {std::string(100'000, 'w'), {"f", 9, 6}});
  const auto grown = expand("%{WIDE}%{WIDE}%{WIDE}", kHere, wide, Unnamed::kDoNotCapture);
  REQUIRE_FALSE(grown);
  CHECK(grown.error().code == Errc::kLimit);
}

TEST_CASE("every byte knows its place") {
  const auto expansion = expand("x%{INT:n}y", kHere, library(), Unnamed::kDoNotCapture);
  REQUIRE(expansion);
  const std::string& regex = expansion->regex();
  CHECK(expansion->place_of(0).text() == "rules.yaml:7:10");
  CHECK(expansion->place_of(regex.find("(?<INT")).text() == "rules.yaml:7:11");
  CHECK(expansion->place_of(regex.find("0-9")).text() == "f:1:8");
  CHECK(expansion->place_of(regex.find('+')).text() == "f:2:13");
  CHECK(expansion->place_of(regex.find('y')).text() == "rules.yaml:7:19");
}

}  // namespace
}  // namespace tocsin::rules::grok
