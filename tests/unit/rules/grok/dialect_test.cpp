#include "src/rules/grok/dialect.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>

#include "src/rules/grok/regex.hpp"

namespace tocsin::rules::grok {
namespace {

Expansion raw(std::string_view regex) {
  Expansion expansion;
  expansion.append(regex, {"regex", 1, 1});
  return expansion;
}

Translation translated(std::string_view regex) {
  CAPTURE(regex);
  auto translation = translate(raw(regex));
  REQUIRE(translation);
  return *std::move(translation);
}

// What the whole expression finds first; empty: nothing. ASCII lines are searched by both twins.
std::optional<std::string> found(std::string_view regex, std::string_view line) {
  const Expansion source = raw(regex);
  const auto compiled = Regex::compile(translated(regex), source);
  REQUIRE(compiled);
  Subject subject;
  subject.assign(line);
  const auto search = [&](Regex::Twin twin) -> std::optional<std::string> {
    Groups groups;
    Effort effort = kDefaultEffort;
    const auto outcome = compiled->search(subject, twin, effort, groups);
    CHECK(outcome != Regex::Outcome::kGaveUp);
    if (outcome != Regex::Outcome::kMatch) return {};
    return std::string(groups.find(0).value_or(""));
  };
  const auto utf = search(Regex::Twin::kUtf);
  if (subject.is_ascii()) CHECK(search(Regex::Twin::kAscii) == utf);
  return utf;
}

struct Row {
  std::string_view regex;
  std::string_view line;
  std::optional<std::string> match;
};

void check(const Row& row) {
  CAPTURE(row.regex);
  CAPTURE(row.line);
  CHECK(found(row.regex, row.line) == row.match);
}

TEST_CASE("Ruby's regular expressions keep their meaning") {
  const Row rows[] = {
      // the dot and the lines
      {"a.b", "a\nb", "a\nb"},
      {"(?-m)a.b", "a\nb", {}},
      {"(?-m:a.)(?m)b.",
       "ax"
       "b\n",
       "axb\n"},
      {"^b$", "a\nb\nc", "b"},
      {"\\Ab", "a\nb", {}},
      {"a\\Z", "ba\n", "a"},
      {"a\\z", "a\n", {}},
      {"\\Ga", "ba", {}},
      // options reach over bars
      {"x(?:a(?i)b|c)", "xaC", "xaC"},
      {"x(?:a(?i)b|c)", "xc", {}},
      {"(?i:a)b", "Ab", "Ab"},
      {"(?i:a)b", "AB", {}},
      {"(?i)[^a]", "Ab", "b"},
      {"(?i)\\p{Lu}", "a", "a"},
      {"(?x) a b # c\n [ d] e", "ab e", "ab e"},
      {"(?x:a b)\\ c", "ab c", "ab c"},
      {"a(?#comment \\) here)+", "aaa", "aaa"},
      // sets
      {"\\h+", "xyz 0aFg", "0aF"},
      {"\\H", "0g", "g"},
      {"[a[bc]]+", "xabcx", "abc"},
      {"[a-z&&[^aeiou]]+", "aeixyz", "xyz"},
      {"[[[:alnum:]]_%]+", "-a_%9-", "a_%9"},
      {"[[:digit:]]+",
       "\xD9\xA3"
       "4",
       "\xD9\xA3"
       "4"},
      {"\\d+",
       "\xD9\xA3"
       "4",
       "4"},
      {"(?u)\\d+",
       "\xD9\xA3"
       "4",
       "\xD9\xA3"
       "4"},
      {"\\w+", "h\xC3\xA9llo", "h"},
      {"[[:word:]]+", "-\xC3\xA9_1", "\xC3\xA9_1"},
      {"\\s", "\xC2\xA0", {}},
      {"[[:space:]]", "\xC2\xA0", "\xC2\xA0"},
      {"\\p{^L}+", "ab12", "12"},
      {"\\P{L}+", "ab12", "12"},
      {"\\p{Alpha}+", "1h\xC3\xA9llo", "h\xC3\xA9llo"},
      // boundaries
      {"\\bab\\b",
       "\xC3\xA9"
       "ab ab",
       "ab"},
      {"\\b\\w+\\b", "h\xC3\xA9llo", {}},
      {"\\Bb", "ab", "b"},
      {"(?a)\\bllo", "h\xC3\xA9llo", "llo"},
      // repeats
      {"ba{,2}", "baaa", "baa"},
      {"a{2,3}+b", "aaaaaab", "aaaaaab"},
      {"a{2}?b", "b", "b"},
      {"a?*b", "aab", "aab"},
      {"a+*b", "b", "b"},
      {"a++a", "aaa", {}},
      {"(?>a+)a", "aaa", {}},
      {"(?:ab){2}{2}", "abababab", "abababab"},
      {"a{x}", "a{x}", "a{x}"},
      {"a{,}", "a{,}", "a{,}"},
      {"(?:^)*a", "ba", "a"},
      {"\\b?a", "a", "a"},
      // escapes
      {"\\u0041\\x42\\103\\x{44}", "ABCD", "ABCD"},
      {"\\u00e9*x", "x", "x"},
      {"caf\\xC3\\xA9", "caf\xC3\xA9", "caf\xC3\xA9"},
      {"\\v", "\v", "\v"},
      {"\\v", "\n", {}},
      {"\\Qa", "Qa", "Qa"},
      {"\\E\\N\\o\\l", "ENol", "ENol"},
      {"\\R", "\r\n", "\r\n"},
      {"\\X", "e\xCC\x81", "e\xCC\x81"},
      {"a\\Kb", "ab", "b"},
      {"%{", "%{", "%{"},
      // groups
      {"(?<=a|bc)x", "bcx", "x"},
      {"(?<!a)x", "axx", "x"},
      {"(a)\\1", "aa", "aa"},
      {"(a)(b)\\g{1}", "abg{1}", "abg"},
      {"(?<q>[\"'])(x)\\k<q>", "'x\" \"x\"", "\"x\""},
      {"(?<q>a)|(?<q>b)\\k<q>", "bb", "bb"},
      {"(?'n'a)\\k'n'", "aa", "aa"},
      {"(?<p>\\((?:[^()]|\\g<p>)*\\))", "f(a(b)c)d", "(a(b)c)"},
      {"\\((?:[^()]|\\g<0>)*\\)", "f(a(b)c)d", "(a(b)c)"},
      {"(?<n>a)?(?(<n>)b|c)", "ab", "ab"},
      {"(a)?(?(1)b|c)", "c", "c"},
      {"()a|", "", ""},
  };
  for (const Row& row : rows) check(row);
}

TEST_CASE("characters beyond ASCII are told from ASCII in both texts") {
  CHECK(found("[a-\xC3\xA9]+", "xyz\xC3\xA9").value_or("") == "xyz\xC3\xA9");
  CHECK(found("\xC3\xA9?b", "b").value_or("") == "b");
  CHECK(found("(?i)\\u212A", "k").value_or("") == "k");
  CHECK(found("(?i)\\u017F", "S").value_or("") == "S");
  CHECK_FALSE(found("\xC3\xA9", "e").has_value());
}

TEST_CASE("named groups are numbered, plain ones do not capture beside them") {
  CHECK(translated("(a)(?<INT:n:int>b)(?<[x][y]>c)").groups ==
        std::vector<std::string>{"INT:n:int", "[x][y]"});
  CHECK(translated("(a)(?<INT:n:int>b)").utf == "(?:a)(b)");
  CHECK(translated("(a)b").utf == "(?:a)b");
  CHECK(translated("(a)\\1").utf == "(a)\\g{1}");
}

TEST_CASE("what Ruby refuses is refused where it stands") {
  struct Bad {
    std::string_view regex;
    const char* where;
  };
  const Bad rows[] = {
      {"ab*?*", nullptr},  // fine: a repeat of a repeat
      {"*a", "regex:1:1"},
      {"a|*", "regex:1:3"},
      {"(unclosed", "regex:1:1"},
      {"a)", "regex:1:2"},
      {"(*ACCEPT)a", "regex:1:2"},
      {"x(?P<n>a)", "regex:1:2"},
      {"(?s)a", "regex:1:1"},
      {"a(?<>b)", "regex:1:2"},
      {"a(?<1n>b)", "regex:1:2"},
      {"(?<a>x)\\1", "regex:1:8"},
      {"a\\k<b>", "regex:1:2"},
      {"a\\g<b>", "regex:1:2"},
      {"(?<a>x)(?<a>y)\\g<a>", "regex:1:15"},
      {"a(?~b)", "regex:1:2"},
      {"a\\M-x", "regex:1:2"},
      {"[a", "regex:1:1"},
      {"a(?#b", "regex:1:2"},
      {"a\\", "regex:1:2"},
      {"a{3,2}", "regex:1:2"},
      {"a\nb)", "regex:2:2"},
      {"a\\k<>", "regex:1:2"},
      {"(?(<n>)a)", "regex:1:1"},
      {"(?i", "regex:1:1"},
  };
  for (const Bad& row : rows) {
    CAPTURE(row.regex);
    const auto translation = translate(raw(row.regex));
    CHECK(translation.has_value() == (row.where == nullptr));
    if (!translation && row.where != nullptr) CHECK(translation.error().where == row.where);
  }
}

TEST_CASE("what Ruby understands and this does not is told apart from what is wrong") {
  const auto code_of = [](const char* regex) {
    const auto translation = translate(raw(regex));
    REQUIRE_FALSE(translation);
    return translation.error().code;
  };
  CHECK(code_of("a(?~b)") == Errc::kUnsupported);
  CHECK(code_of("a\\M-x") == Errc::kUnsupported);
  CHECK(code_of("(?<a>x)\\k<a+1>") == Errc::kUnsupported);
  CHECK(code_of("(?<a>x)\\k<a-10>") == Errc::kUnsupported);
  CHECK(code_of("(?<a>x)\\k<b>") == Errc::kSyntax);
  CHECK(code_of("(?<a>x)\\k<+1>") == Errc::kSyntax);
  CHECK(translate(raw("(?<a+1>x)\\k<a+1>")));
}

TEST_CASE("groups within groups have a limit") {
  const std::string deep = std::string(1000, '(') + std::string(1000, ')');
  CHECK_FALSE(translate(raw(deep)));
  CHECK(translate(raw(std::string(150, '(') + "a" + std::string(150, ')'))));
}

TEST_CASE("complaints about the text that was written find their way back") {
  const Translation translation = translated("ab[[:alpha:]]\\bc");
  CHECK(translation.read_at(0) == 0);
  CHECK(translation.read_at(translation.utf.size() - 1) == 15);
  CHECK(translation.read_at(3) == 2);
}

TEST_CASE("groups without names capture when that is asked for, unless one has a name") {
  const auto groups = [](std::string_view text, PlainGroups plain) {
    Expansion source;
    source.append(text, {"here", 1, 1});
    const auto translation = translate(source, plain);
    REQUIRE(translation);
    return translation->groups.size();
  };
  CHECK(groups("(a)(b)", PlainGroups::kWhereReferredTo) == 0);
  CHECK(groups("(a)(b)", PlainGroups::kCapture) == 2);
  CHECK(groups("(a)(?<n>b)", PlainGroups::kCapture) == 1);
}

}  // namespace
}  // namespace tocsin::rules::grok
