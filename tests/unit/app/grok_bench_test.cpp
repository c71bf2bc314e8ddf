#include "src/app/grok_bench.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "src/rules/grok/pattern_library.hpp"

namespace tocsin::app {
namespace {

using rules::grok::Matcher;

Matcher compiled(const std::vector<std::string>& expressions) {
  std::vector<rules::grok::PlacedText> texts;
  for (const std::string& text : expressions) texts.push_back({text, {"here", 1, 1}});
  rules::grok::PatternLibrary library;
  REQUIRE(library.add_text("INT [+-]?\\d+\nWORD \\b\\w+\\b\n", "f"));
  auto matcher = Matcher::compile(texts, library, {});
  REQUIRE(matcher);
  return *std::move(matcher);
}

TEST_CASE("both sides are measured on the same lines, and what became of them is told") {
  const Matcher matcher = compiled({"%{INT:n:int}$", "%{WORD:verb} %{INT:status}"});
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run_grok_bench(matcher, {"7", "GET 200 /", "--", "caf\xC3\xA9 7"}, out, err) == 0);
  CHECK(err.str().empty());
  const std::string text = out.str();
  CAPTURE(text);
  CHECK(text.starts_with("4 lines of 4 bytes: 3 match, 1 do not, 0 gave up\n"));
  CHECK(text.find("\ngrok ") != std::string::npos);
  CHECK(text.find("\nPCRE2 ") != std::string::npos);
  CHECK(text.ends_with("both agree on every line\n"));
}

TEST_CASE("lines on which a side gives up are told of") {
  const Matcher matcher = compiled({"(a|aa|b\\1)+$"});
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run_grok_bench(matcher, {std::string(2000, 'a') + "c"}, out, err) == 0);
  CHECK(out.str().find("1 gave up\n") != std::string::npos);
  CHECK(out.str().ends_with("but those 1 on which PCRE2 gave up\n"));
}

}  // namespace
}  // namespace tocsin::app
