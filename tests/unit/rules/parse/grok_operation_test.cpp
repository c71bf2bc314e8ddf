#include "src/rules/parse/grok_operation.hpp"

#include <doctest/doctest.h>

#include "src/rules/grok/filter.hpp"
#include "tests/support/counting_new.hpp"
#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

using test::Texts;

grok::PatternLibrary library() {
  grok::PatternLibrary library;
  REQUIRE(library.add_text("INT [+-]?\\d+\nWORD \\b\\w+\\b\nDATA .*?\nGREEDYDATA .*\n", "f"));
  return library;
}

GrokOptions on(std::string_view field, std::vector<std::string> expressions) {
  GrokOptions options;
  GrokField match{FieldName::parse(field), {}};
  for (std::string& text : expressions) {
    match.expressions.push_back({std::move(text), {"here", 1, 1}});
  }
  options.match.push_back(std::move(match));
  return options;
}

OperationPtr made(GrokOptions options) {
  return test::made(make_grok(std::move(options), library()));
}

TEST_CASE("captures become fields of their types, nested names with dots") {
  test::Rig rig("GET 200 0.5");
  const auto grok =
      made(on("message", {"%{WORD:verb} %{INT:[http][status]:int} (?<x:took:float>[0-9.]+)"}));
  CHECK(rig.apply(*grok) == Outcome::kDone);
  CHECK(rig.find("http.status") == Value::integer(200));
  CHECK(rig.find("took") == Value::real(0.5));
  CHECK(rig.attributes() == Texts{{"http.status", "200"}, {"took", "0.5"}, {"verb", "GET"}});
}

TEST_CASE("no match changes nothing and says so") {
  test::Rig rig("?");
  CHECK(rig.apply(made(on("message", {"%{INT:n}"}))) == Outcome::kFailed);
  CHECK(rig.attributes().empty());
}

// What is said of a record that the operation has just failed on.
std::string explained(OperationPtr operation, test::Rig& rig) {
  const auto memory = operation->make_memory();
  CHECK(operation->apply(rig.record, memory.get()) != Outcome::kDone);
  return operation->explain(rig.record, memory.get());
}

TEST_CASE("a failure says how far the best pattern got, and what it waited for") {
  test::Rig rig("GET 2xx");
  CHECK(explained(made(on("message", {"%{INT:n}$", "%{WORD:verb} %{INT:status} %{INT:bytes}"})),
                  rig) ==
        "none of 2 patterns matches; number 2 gets furthest: at byte 5 expected ' ', found 'xx'");
  CHECK(explained(made(on("path", {"%{INT:n}"})), rig) == "there is no field path");
  GrokOptions both = on("message", {"%{INT:n} "});
  both.match.push_back({FieldName::parse("path"), {{"%{INT:n}", {"here", 1, 1}}}});
  CHECK(
      explained(made(std::move(both)), rig) ==
      "message: the pattern does not match: at byte 5 expected ' ', found 'xx'; path: there is no "
      "field path");
}

TEST_CASE("a failure for another reason than the pattern says which") {
  test::Rig rig("fast");
  CHECK(explained(made(on("message", {"%{WORD:metric}"})), rig) ==
        "the field metric cannot hold what was captured for it");
  test::Rig bad(std::string(3000, 'a') + "c");
  GrokOptions options = on("message", {"x", "(a|aa)+$"});
  options.matching.effort = std::chrono::microseconds(1);
  CHECK(explained(made(std::move(options)), bad) ==
        "pattern 2 reached its limit of effort (timeout_millis)");
}

TEST_CASE("an integer of any size keeps its digits") {
  test::Rig rig("123456789012345678901234567890");
  CHECK(rig.apply(made(on("message", {"%{INT:n:int}"}))) == Outcome::kDone);
  CHECK(rig.text("n") == "123456789012345678901234567890");
}

TEST_CASE("a capture that its field cannot hold fails the step") {
  test::Rig rig("fast 12");
  CHECK(rig.apply(made(on("message", {"%{WORD:metric} %{INT:n}"}))) == Outcome::kFailed);
  CHECK(rig.text("n") == "12");
  test::Rig good("12");
  CHECK(good.apply(made(on("message", {"%{INT:metric}"}))) == Outcome::kDone);
  CHECK(good.find("metric") == Value::integer(12));
}

TEST_CASE("fields to be overwritten are compared as they are spelt") {
  test::Rig rig("new", {{"a", "old"}, {"b.c", "old"}});
  GrokOptions options = on("message", {"(?<a>.*)(?<[b][c]>)"});
  options.overwrite = {"a", "b.c"};
  options.matching.keep_empty_captures = true;
  CHECK(rig.apply(made(std::move(options))) == Outcome::kDone);
  CHECK(rig.text("a") == "new");
  CHECK(rig.text("b.c") == R"(["old",""])");
}

TEST_CASE("captures go below the target") {
  test::Rig rig("x");
  GrokOptions options = on("message", {"(?<message>.*)"});
  options.target = "[app][log]";
  CHECK(rig.apply(made(std::move(options))) == Outcome::kDone);
  CHECK(rig.attributes() == Texts{{"app.log.message", "x"}});
  CHECK(rig.record.view().description == "x");
}

TEST_CASE("a group that took no part is null where empty captures are kept, and replaces nothing") {
  test::Rig rig("x", {{"b", "old"}});
  GrokOptions options = on("message", {"x(?<a>y)?(?<b>z)?"});
  options.matching.keep_empty_captures = true;
  CHECK(rig.apply(made(std::move(options))) == Outcome::kDone);
  CHECK(rig.record.has(test::name("a")));
  CHECK(rig.attributes() == Texts{{"b", "old"}});
}

TEST_CASE("the first expression that matches ends the search, also for other fields") {
  test::Rig rig("1", {{"f", "2"}});
  GrokOptions options = on("message", {"%{WORD:w}x", "%{INT:n}", "%{INT:m}"});
  options.match.push_back(on("f", {"%{INT:o}"}).match[0]);
  const auto grok = made(options);
  const auto memory = grok->make_memory();
  CHECK(grok->apply(rig.record, memory.get()) == Outcome::kDone);
  CHECK(rig.attributes() == Texts{{"f", "2"}, {"n", "1"}});
  CHECK(memory->pattern_matches == std::vector<std::uint64_t>{0, 1, 0, 0});
  CHECK(grok->patterns() ==
        std::vector<std::string>{"%{WORD:w}x", "%{INT:n}", "%{INT:m}", "%{INT:o}"});
}

TEST_CASE("without breaking, every field and expression is tried") {
  test::Rig rig("1", {{"f", "2"}});
  GrokOptions options = on("message", {"%{INT:n}", "%{INT:m}", "x"});
  options.match.push_back(on("f", {"%{INT:o}"}).match[0]);
  options.matching.break_on_match = false;
  CHECK(rig.apply(made(std::move(options))) == Outcome::kDone);
  CHECK(rig.attributes() == Texts{{"f", "2"}, {"m", "1"}, {"n", "1"}, {"o", "2"}});
}

TEST_CASE("what is missing counts as empty text, numbers as they are written") {
  test::Rig rig;
  CHECK(rig.apply(made(on("missing", {"^(?<x>.*)$"}))) == Outcome::kDone);
  CHECK(rig.attributes().empty());
  rig.set("n", Value::real(1));
  CHECK(rig.apply(made(on("n", {"^(?<m>.*)$"}))) == Outcome::kDone);
  CHECK(rig.text("m") == "1.0");
}

TEST_CASE("of a list each element is tried, and captures add up") {
  test::Rig rig;
  rig.set_list("l", {"a1", "?", "b2"});
  CHECK(rig.apply(made(on("l", {"(?<w>[a-z])%{INT:n:int}"}))) == Outcome::kDone);
  CHECK(rig.text("w") == R"(["a","b"])");
  CHECK(rig.find("n") == Value::integer(1));  // a number stays
  rig.set_list("l", {});
  CHECK(rig.apply(made(on("l", {".*"}))) == Outcome::kFailed);
}

TEST_CASE("bytes that are not UTF-8 are replaced in what is captured, and stay so") {
  test::Rig rig("\xFF ab");
  const auto grok = made(on("message", {"(?<a>\\S+) (?<b>\\S+)"}));
  const auto memory = grok->make_memory();
  CHECK(grok->apply(rig.record, memory.get()) == Outcome::kDone);
  CHECK(rig.text("a") == "\xEF\xBF\xBD");
  CHECK(rig.text("b") == "ab");
  test::Rig other("\xFE cd");
  CHECK(grok->apply(other.record, memory.get()) == Outcome::kDone);
  CHECK(rig.text("b") == "ab");
}

TEST_CASE("an expression that gives up ends the step") {
  test::Rig rig(std::string(5000, 'a') + "!");
  GrokOptions options = on("message", {"^(a+)+$", "(?<x>.*)"});
  options.matching.effort = std::chrono::microseconds(200);
  CHECK(rig.apply(made(options)) == Outcome::kGaveUp);
  options.effort_is_of_event = true;
  CHECK(rig.apply(made(options)) == Outcome::kGaveUp);
  CHECK(rig.attributes().empty());
}

TEST_CASE("fields come out as the grok filter of the library has them") {
  const char* const expressions[] = {
      "%{WORD:verb} %{INT:status:int}",      "(?<a>\\w)(?<a>\\w)(?<b>.*)",
      "%{INT:n:int}(?<INT:n:float>.*)",      "(?<first>[^ ]*) %{GREEDYDATA:message}",
      "%{DATA:a}-%{DATA:b}-%{GREEDYDATA:c}",
  };
  const char* const lines[] = {"GET 200", "", "a-b-c", "12", "x y z", "\xC3\xA9\xC3\xA9 1", "-- -"};
  for (const char* expression : expressions) {
    for (const char* line : lines) {
      CAPTURE(expression);
      CAPTURE(line);
      grok::FilterOptions options;
      options.match.push_back({"text", {{expression, {"here", 1, 1}}}});
      const auto filter = grok::Filter::make(options, library());
      REQUIRE(filter);
      grok::Object event{{"text", {std::string(line)}}};
      grok::Filter::Scratch scratch;
      const bool matched = filter->apply(event, scratch) == grok::Filter::Outcome::kMatched;

      test::Rig rig("", {{"text", line}});
      CHECK((rig.apply(made(on("text", {expression}))) == Outcome::kDone) == matched);
      for (const grok::Member& member : event) {
        if (member.key == "tags") continue;
        CAPTURE(member.key);
        std::string text;
        grok::append_text(member.value, text);
        // Of the event's own fields the last value stays; a list of one's own is the same JSON.
        CHECK(rig.text(member.key) == text);
      }
    }
  }
}

TEST_CASE("an expression that is wrong is refused at its place") {
  const auto refused = make_grok(on("message", {"%{NOPE:x}"}), library());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::kUnknownName);
  CHECK(refused.error().where == "here:1:1");
}

TEST_CASE("lines are matched without the heap") {
  const auto grok = made(on("message", {"%{WORD:verb} %{INT:status:int} %{GREEDYDATA:rest}", "x"}));
  const auto memory = grok->make_memory();
  Record record;
  const auto use = [&](std::string_view line) {
    EventView event;
    event.description = line;
    record.assign(event);
    return grok->apply(record, memory.get());
  };
  CHECK(use("GET 200 /") == Outcome::kDone);
  CHECK(use("GET") == Outcome::kFailed);
  const std::uint64_t before = tocsin::testing::heap_allocations();
  for (int i = 0; i < 5; ++i) {
    (void)use("GET 200 /");
    (void)use("GET");
  }
  CHECK(tocsin::testing::heap_allocations() == before);
}

}  // namespace
}  // namespace tocsin::rules::parse
