// The engine and PCRE2 are two ways to the same result: here they are compared, on expressions and
// lines made at random and on the shipped definitions that scanners stand for.
#include <doctest/doctest.h>

#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "src/rules/grok/dialect.hpp"
#include "src/rules/grok/engine/scanners.hpp"
#include "src/rules/grok/engine/syntax_tree.hpp"
#include "src/rules/grok/expansion.hpp"
#include "src/rules/grok/pattern_set.hpp"
#include "src/rules/grok/regex.hpp"

namespace tocsin::rules::grok {
namespace {

using Random = std::mt19937;

constexpr Effort kEnough = std::chrono::seconds(30);
const std::filesystem::path kRoot = TOCSIN_TEST_DATA "/../../rules/patterns";

std::string described(Regex::Outcome outcome, const Groups& groups, const Subject& subject) {
  if (outcome == Regex::Outcome::kNoMatch) return "no match";
  if (outcome == Regex::Outcome::kGaveUp) return "gave up";
  std::string text;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto group = groups.find(i);
    text += group ? "<" + std::string(*group) + "@" +
                        std::to_string(group->data() - subject.text().data()) + ">"
                  : "-";
  }
  return text;
}

void compare(const Regex& regex, const std::string& line) {
  CAPTURE(line);
  const Subject subject(line);
  Groups groups;
  Effort effort = kEnough;
  const Regex::Outcome by_pcre2 = regex.search(subject, Regex::Twin::kUtf, effort, groups);
  const std::string expected = described(by_pcre2, groups, subject);
  const Regex::Outcome by_engine = regex.search(subject, effort, groups);
  REQUIRE(described(by_engine, groups, subject) == expected);
}

std::optional<Regex> compiled(const Expansion& source) {
  const auto translation = translate(source);
  if (!translation) return {};
  auto regex = Regex::compile(*translation, source);
  if (!regex) return {};
  return *std::move(regex);
}

// Ruby's syntax, of the kinds that patterns are made of.
class Generator {
 public:
  explicit Generator(Random& random) : random_(random) {}

  std::string expression(int depth) {
    std::string text;
    for (auto branches = below(4) == 0 ? 2 : 1; branches > 0; --branches) {
      if (!text.empty()) text += "|";
      for (auto items = below(4); items-- > 0;) text += item(depth);
    }
    return text;
  }

  std::string line() {
    constexpr std::string_view kBytes = "aabbc01 -.:\n";
    std::string text;
    for (auto size = below(14); size > 0; --size) text += kBytes[below(kBytes.size())];
    return text;
  }

 private:
  std::size_t below(std::size_t end) { return random_() % end; }

  std::string item(int depth) {
    std::string text = atom(depth);
    constexpr const char* kRepeats[] = {"", "",  "",   "",   "*",  "+",     "?",     "{2}",
                                        "", "",  "",   "",   "*?", "+?",    "??",    "{0,2}",
                                        "", "*", "++", "?+", "*+", "{1,3}", "{2,}?", "{1,12}"};
    return text + kRepeats[below(std::size(kRepeats))];
  }

  std::string atom(int depth) {
    constexpr const char* kAtoms[] = {"a",   "b",   "c",   "ab",   ".",        "\\d",
                                      "\\w", "\\s", "\\S", "[ab]", "[^a]",     "[0-9a]",
                                      " ",   "\\.", "-",   ":",    "(?:a|ab)", "(?:0|1|01)"};
    constexpr const char* kZeroWidth[] = {"^",     "$",       "\\b",    "\\B",    "\\A",
                                          "\\z",   "\\Z",     "(?<!a)", "(?<=b)", "(?!c)",
                                          "(?=a)", "(?<=ab)", "(?!ab)"};
    if (below(12) == 0) return kZeroWidth[below(std::size(kZeroWidth))];
    if (depth == 0 || below(3) != 0) return kAtoms[below(std::size(kAtoms))];
    constexpr const char* kOpenings[] = {"(?:", "(?:", "(?<x>", "(?<y>",
                                         "(?>", "(?=", "(?!",   "(?i:"};
    return std::string(kOpenings[below(std::size(kOpenings))]) + expression(depth - 1) + ")";
  }

  Random& random_;
};

TEST_CASE("any expression finds the same in both ways") {
  Random random(20261122);
  Generator generator(random);
  std::size_t programs = 0;
  for (int i = 0; i < 3000; ++i) {
    Expansion source;
    source.append(generator.expression(3), {"regex", 1, 1});
    CAPTURE(source.regex());
    const auto regex = compiled(source);
    if (!regex) continue;
    programs += regex->has_program() ? 1 : 0;
    for (int line = 0; line < 12; ++line) compare(*regex, generator.line());
  }
  CHECK(programs > 1500);
}

// What is nearly right is what scanners could get wrong.
std::string mutated(std::string text, Random& random) {
  constexpr std::string_view kBytes = "0159aZz .:/-+,\"\\'_%[]<";
  for (auto changes = random() % 3; changes > 0 && !text.empty(); --changes) {
    const std::size_t at = random() % text.size();
    const char byte = kBytes[random() % kBytes.size()];
    switch (random() % 3) {
      case 0:
        text[at] = byte;
        break;
      case 1:
        text.insert(at, 1, byte);
        break;
      default:
        text.erase(at, 1);
    }
  }
  return text;
}

TEST_CASE("what scanners stand for finds the same in both ways, in every setting") {
  struct Row {
    const char* name;
    std::vector<const char*> samples;
  };
  const std::vector<Row> rows = {
      {"WORD", {"GET", "a_1", "9", "_"}},
      {"POSINT", {"1", "42", "0", "007", "10a"}},
      {"NONNEGINT", {"0", "42", "007"}},
      {"INT", {"0", "-1", "+15", "--1", "-", "1-2"}},
      {"NUMBER", {"1", "-1.5", "+.5", "3.", "1.2.3", "00", "-", "."}},
      {"QS", {R"("a b")", R"("a\"b")", "''", "`x`", R"("a\\")", R"("\)"}},
      {"IP",
       {"1.2.3.4", "255.255.255.255", "256.1.1.1", "01.002.3.4", "1.2.3", "::1", "fe80::1%eth0",
        "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4"}},
      {"IPV4", {"1.2.3.4", "1.2.3.4.5", "99.249.250.25", "1.2.3.400"}},
      {"IPORHOST",
       {"1.2.3.4", "a.example.com", "host-1", "a..b", "-a", "a.-b", "a.", "::1",
        "db8:1::", "256.1.1.1", "1.2.3.4.5", "web_01"}},
      {"HOSTNAME", {"a.example.com", "1.2.3.4", "a-", "xn--a.b"}},
      {"HTTPDATE",
       {"10/Oct/2000:13:55:36 -0700", "1/jan/99:1:55:36 0", "31/Dez/2026:23:59:60 +0100",
        "29/February/2024:00:00:00 1"}},
      {"SYSLOGTIMESTAMP",
       {"Jun 14 15:16:01", "Jun  4 15:16:01", "Sept 1 1:02:03", "Mar 01 15:16:01.123",
        "okt 31 23:59:60", "May 1 00:00:61"}},
      {"TIMESTAMP_ISO8601",
       {"2026-11-22T03:04:05Z", "2026-11-22 03:04:05.123+01:00", "26-1-2 3:04",
        "2026-11-22T03:04:05,5-0930", "2026-12-31T24:00:00", "2026-11-22T030405"}},
  };
  const char* const settings[] = {
      "%{@:x}",         "^%{@:x}$",      "%{@:x} ",         " %{@:x}\\]",
      "%{@}%{DATA:r}",  "a?%{@:x}[a.]?", "%{@:x}:%{INT:y}", "(?:%{@:x}|(?<z>.))-",
      "(?:-|%{@:x}) -", "(?:%{@:x})+,",  "%{@:x}\\.",       "[^ ]*?%{@:x}$"};
  const auto library = load_pattern_set(kRoot, PatternSet::kEcsV1);
  REQUIRE(library);
  Random random(4);
  for (const Row& row : rows) {
    for (const char* setting : settings) {
      std::string expression(setting);
      expression.replace(expression.find('@'), 1, row.name);
      CAPTURE(expression);
      const auto source = expand(expression, {"regex", 1, 1}, *library, Unnamed::kDoNotCapture);
      REQUIRE(source);
      const auto regex = compiled(*source);
      REQUIRE(regex.has_value());
      REQUIRE(regex->has_program());
      for (const char* sample : row.samples) {
        for (const char* end : {"", " ", "] ", ":1", ".", "-", ", x", "a"}) {
          for (int i = 0; i < 6; ++i) {
            const std::string line = (random() % 2 == 0 ? "" : " ") + std::string(sample) + end;
            compare(*regex, i == 0 ? line : mutated(line, random));
          }
        }
      }
    }
  }
}

TEST_CASE("the shipped definitions are what scanners stand for") {
  for (const PatternSet set : {PatternSet::kLegacy, PatternSet::kEcsV1}) {
    const auto library = load_pattern_set(kRoot, set);
    REQUIRE(library);
    for (const char* name :
         {"WORD", "POSINT", "NONNEGINT", "INT", "BASE10NUM", "QUOTEDSTRING", "IP", "IPV4",
          "IPORHOST", "HOSTNAME", "HTTPDATE", "SYSLOGTIMESTAMP", "TIMESTAMP_ISO8601"}) {
      CAPTURE(std::string(name));
      const auto source =
          expand("%{" + std::string(name) + "}", {"regex", 1, 1}, *library, Unnamed::kDoNotCapture);
      REQUIRE(source);
      const auto translation = translate(*source);
      REQUIRE(translation);
      const auto tree = engine::SyntaxTree::read(translation->ascii, engine::Encoding::kAscii);
      REQUIRE(tree);
      CHECK(engine::find_scanner(tree->root(), {}).has_value());
    }
  }
}

TEST_CASE("every shipped pattern is done by the engine") {
  for (const PatternSet set : {PatternSet::kLegacy, PatternSet::kEcsV1}) {
    const auto library = load_pattern_set(kRoot, set);
    REQUIRE(library);
    for (const char* name : {"COMBINEDAPACHELOG", "SYSLOGLINE", "SYSLOGPAMSESSION", "HAPROXYHTTP",
                             "NAGIOSLOGLINE", "CATALINALOG", "SHOREWALL", "BACULA_LOGLINE",
                             "S3_ACCESS_LOG", "CISCOFW302013_302014_302015_302016"}) {
      CAPTURE(std::string(name));
      const auto source =
          expand("%{" + std::string(name) + "}", {"regex", 1, 1}, *library, Unnamed::kDoNotCapture);
      REQUIRE(source);
      const auto regex = compiled(*source);
      REQUIRE(regex.has_value());
      CHECK(regex->has_program());
    }
  }
}

}  // namespace
}  // namespace tocsin::rules::grok
