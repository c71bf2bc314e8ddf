#include "src/rules/grok/regex.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "tests/support/counting_new.hpp"
#include "tests/unit/rules/grok/known_bad.hpp"

namespace tocsin::rules::grok {
namespace {

Regex compiled(std::string_view text) {
  CAPTURE(text);
  Expansion source;
  source.append(text, {"regex", 1, 1});
  const auto translation = translate(source);
  REQUIRE(translation);
  auto regex = Regex::compile(*translation, source);
  REQUIRE(regex);
  return *std::move(regex);
}

Subject subject_of(std::string_view text) {
  return Subject(text);
}

// For what ends by itself, however slow the machine.
constexpr Effort kEnough = std::chrono::seconds(30);

// By PCRE2 alone.
Regex::Outcome search_with_pcre2(const Regex& regex, const Subject& subject, Effort& effort,
                                 Groups& groups) {
  const auto twin = subject.is_ascii() ? Regex::Twin::kAscii : Regex::Twin::kUtf;
  return regex.search(subject, twin, effort, groups);
}

Regex::Outcome outcome_of(const Regex& regex, const Subject& subject, Effort effort) {
  Groups groups;
  return regex.search(subject, effort, groups);
}

TEST_CASE("groups tell where they lie, and which took no part") {
  const Regex regex = compiled("(?<a>\\d+)(?<b>x)?(?<c>y*)");
  const Subject subject = subject_of("ab 12z");
  Groups groups;
  Effort effort = kEnough;
  REQUIRE(regex.search(subject, effort, groups) == Regex::Outcome::kMatch);
  CHECK(effort == kEnough);
  CHECK(groups.size() == 4);
  CHECK(groups.find(0) == "12");
  CHECK(groups.find(1) == "12");
  CHECK_FALSE(groups.find(2).has_value());
  CHECK(groups.find(3) == "");
  CHECK_FALSE(groups.find(4).has_value());
  CHECK(regex.group_count() == 3);
}

TEST_CASE("a search may begin within a line, and looks at what stands before") {
  const Regex regex = compiled("(?<=a)(?<n>[0-9])|^b");
  for (const std::size_t size : {10U, 5000U}) {
    CAPTURE(size);
    std::string line = "a1 a2\nb";
    line.resize(size, '.');
    const Subject subject = subject_of(line);
    const auto found_from = [&](std::size_t from) -> std::size_t {
      Groups groups;
      Effort effort = kEnough;
      const auto outcome = regex.search_from(subject, from, effort, groups);
      if (outcome != Regex::Outcome::kMatch) return line.size();
      return static_cast<std::size_t>(groups.find(0)->data() - subject.text().data());
    };
    CHECK(found_from(0) == 1);
    CHECK(found_from(1) == 1);
    CHECK(found_from(2) == 4);
    CHECK(found_from(5) == 6);
    CHECK(found_from(7) == line.size());
    CHECK(found_from(line.size()) == line.size());
  }
}

TEST_CASE("what begins with anything matches from where the search begins") {
  const Regex regex = compiled("(?<x>.*)a\\z");
  for (const std::size_t size : {10U, 5000U, 200'000U}) {
    const std::string line = std::string(size, 'b') + "a";
    const Subject subject = subject_of(line);
    Groups groups;
    Effort effort = kEnough;
    REQUIRE(regex.search_from(subject, 3, effort, groups) == Regex::Outcome::kMatch);
    CHECK(groups.find(0) == line.substr(3));
  }
}

TEST_CASE("a repeat gives back before an atomic group that may be empty") {
  for (const char* text : {"d+(?:ef)?+d", "d+(?>(?:ef)?)d", "d+(?>e?|(?:f)?)d"}) {
    CAPTURE(std::string(text));
    const Regex regex = compiled(text);
    const Subject subject = subject_of("cddef");
    Groups groups;
    Effort effort = kEnough;
    REQUIRE(regex.search(subject, effort, groups) == Regex::Outcome::kMatch);
    CHECK(groups.find(0) == "dd");
    for (const auto twin : {Regex::Twin::kAscii, Regex::Twin::kUtf}) {
      REQUIRE(regex.search(subject, twin, effort, groups) == Regex::Outcome::kMatch);
      CHECK(groups.find(0) == "dd");
    }
  }
}

TEST_CASE("the leftmost match is found in lines of every length") {
  const Regex regex = compiled("(?<x>[0-9]+)z|q");
  for (const std::size_t size : {0U, 100U, 1023U, 1024U, 1025U, 5000U, 70'000U, 2'000'000U}) {
    CAPTURE(size);
    for (const std::string_view filling : {"a", "\xC3\xA9"}) {
      std::string line;
      while (line.size() < size) line += filling;
      const std::size_t begin = line.size();
      const Subject subject = subject_of(line + "12z q");
      const Subject without = subject_of(line);
      Groups groups;
      Effort effort = kEnough;
      const auto is_right = [&] {
        return groups.find(0) == "12z" &&
               static_cast<std::size_t>(groups.find(0)->data() - subject.text().data()) == begin;
      };
      REQUIRE(regex.search(subject, effort, groups) == Regex::Outcome::kMatch);
      CHECK(is_right());
      REQUIRE(search_with_pcre2(regex, subject, effort, groups) == Regex::Outcome::kMatch);
      CHECK(is_right());
      CHECK(regex.search(without, effort, groups) == Regex::Outcome::kNoMatch);
      CHECK(search_with_pcre2(regex, without, effort, groups) == Regex::Outcome::kNoMatch);
    }
  }
}

TEST_CASE("an offset that is dear in a window is tried by itself") {
  // From the first offset more steps than a window allows, fewer than one offset may take.
  const Regex regex = compiled("(?:a|b)*c|z");
  const std::string line(3000, 'a');
  Groups groups;
  Effort effort = kEnough;
  REQUIRE(search_with_pcre2(regex, subject_of(line + "z"), effort, groups) ==
          Regex::Outcome::kMatch);
  CHECK(regex.give_ups() == 0);
  CHECK(effort < kEnough);
}

TEST_CASE("what PCRE2 refuses is refused at its place") {
  Expansion source;
  source.append("ab\n(?<=a+)c", {"regex", 1, 1});
  const auto translation = translate(source);
  REQUIRE(translation);
  const auto regex = Regex::compile(*translation, source);
  REQUIRE_FALSE(regex);
  CHECK(regex.error().where.starts_with("regex:2:"));
  CHECK(regex.error().text.find("lookbehind") != std::string::npos);
}

TEST_CASE("an expression that is too large when compiled is refused as such") {
  Expansion source;
  source.append("(?<x>(?:abcdefgh|ijklmnop){1000}){10}", {"regex", 1, 1});
  const auto translation = translate(source);
  REQUIRE(translation);
  const auto regex = Regex::compile(*translation, source);
  REQUIRE_FALSE(regex);
  CHECK(regex.error().code == Errc::kLimit);
  CHECK(regex.error().text.find("64 KiB") != std::string::npos);
}

TEST_CASE("long lines without a place to begin, or without what must follow, take no effort") {
  std::string line;
  while (line.size() < 64'000) line += "abc ";
  for (const char* text : {"(?<x>[0-9]+)", "Q", "(?i)Q", "\\w+#", "^x\\d", "\\Ax.*y"}) {
    CAPTURE(std::string(text));
    const Regex regex = compiled(text);
    for (const std::string_view end : {"", "\xC3\xBC"}) {
      const Subject subject = subject_of(line + std::string(end));
      Groups groups;
      Effort effort{1};
      CHECK(regex.search(subject, effort, groups) == Regex::Outcome::kNoMatch);
      CHECK(search_with_pcre2(regex, subject, effort, groups) == Regex::Outcome::kNoMatch);
    }
  }
}

TEST_CASE("known bad expressions give up on long lines, each counted once") {
  std::size_t count = 0;
  for (const testing::KnownBad& bad : testing::kKnownBad) {
    CAPTURE(bad.regex);
    const Regex regex = compiled(bad.regex);
    const Subject subject = subject_of(testing::long_line(bad));
    Groups groups;
    Effort effort = kDefaultEffort;
    CHECK(search_with_pcre2(regex, subject, effort, groups) == Regex::Outcome::kGaveUp);
    CHECK(regex.give_ups() == 1);
    // Some of them the engine decides.
    const Regex::Outcome outcome = outcome_of(regex, subject, kDefaultEffort);
    CHECK(outcome != Regex::Outcome::kMatch);
    CHECK(regex.give_ups() == (outcome == Regex::Outcome::kGaveUp ? 2 : 1));
    ++count;
  }
  CHECK(count == 50);
}

TEST_CASE("a search that gave up leaves the next one untouched") {
  const Regex bad = compiled("(?<x>(?:a+)+)[!?]");
  const Regex good = compiled("(?<x>b)");
  const Subject subject = subject_of(std::string(60'000, 'a') + "b");
  CHECK(outcome_of(bad, subject, kDefaultEffort) == Regex::Outcome::kGaveUp);
  CHECK(outcome_of(good, subject, kEnough) == Regex::Outcome::kMatch);
  CHECK(good.give_ups() == 0);
}

TEST_CASE("threads search with the same expression") {
  const Regex regex = compiled("(?<x>[a-z]+)=(?<y>\\d+)");
  const auto work = [&](int number) {
    const std::string value = std::to_string(number);
    const Subject subject = subject_of("-- key=" + value);
    for (int i = 0; i < 1000; ++i) {
      Groups groups;
      Effort effort = kEnough;
      if (regex.search(subject, effort, groups) != Regex::Outcome::kMatch ||
          groups.find(2) != value) {
        return false;
      }
    }
    return true;
  };
  bool other = false;
  std::thread thread([&] { other = work(12345); });
  CHECK(work(678));
  thread.join();
  CHECK(other);
}

TEST_CASE("searching allocates nothing once a thread has searched") {
  const Regex regex = compiled("(?<a>\\w+) (?<b>\\d+)( (?<c>.*))?");
  Subject subject;
  const auto lines = {"alpha 12 rest", "no number here", "h\xC3\xA9llo w\xC3\xB6rld 7 x"};
  const auto search_all = [&] {
    for (const char* line : lines) {
      subject.assign(line);
      (void)outcome_of(regex, subject, kEnough);
    }
  };
  search_all();
  const std::uint64_t before = tocsin::testing::heap_allocations();
  for (int i = 0; i < 100; ++i) search_all();
  CHECK(tocsin::testing::heap_allocations() == before);
}

}  // namespace
}  // namespace tocsin::rules::grok
