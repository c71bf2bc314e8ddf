#include "src/rules/parse/dissect_operation.hpp"

#include <doctest/doctest.h>

#include "tests/support/counting_new.hpp"
#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

using test::Texts;

OperationPtr mapping(std::string text) {
  return test::made(make_dissect({FieldName::parse("message"), std::move(text), {}}));
}

// The fields, or {"failed": explanation}.
Texts taken_apart(const std::string& text, const std::string& line) {
  test::Rig rig(line);
  const OperationPtr dissect = mapping(text);
  if (rig.apply(*dissect) != Outcome::kDone) {
    return {{"failed", dissect->explain(rig.record, nullptr)}};
  }
  return rig.attributes();
}

TEST_CASE("texts are cut at their delimiters, the last field takes the rest") {
  CHECK(taken_apart("%{ts} [%{level}] %{src}: %{rest}", "12:00 [INFO] app: a: b [c]") ==
        Texts{{"ts", "12:00"}, {"level", "INFO"}, {"src", "app"}, {"rest", "a: b [c]"}});
  CHECK(taken_apart("%{a} %{b}", "x ") == Texts{{"a", "x"}, {"b", ""}});
  CHECK(taken_apart("%{a}", "all of it") == Texts{{"a", "all of it"}});
  CHECK(taken_apart("<%{pri}>%{[event][text]}", "<13>x") ==
        Texts{{"pri", "13"}, {"event.text", "x"}});
  CHECK(taken_apart("%{a}, %{b};", "1, 2; 3") == Texts{{"a", "1"}, {"b", "2"}});
}

TEST_CASE("delimiters side by side leave an empty field, unless they may repeat") {
  CHECK(taken_apart("%{a} %{b} %{c}", "x  y") == Texts{{"a", "x"}, {"b", ""}, {"c", "y"}});
  CHECK(taken_apart("%{a->} %{b}", "x    y z") == Texts{{"a", "x"}, {"b", "y z"}});
  CHECK(taken_apart("[%{a->}] %{b}", "[x] ] ] y") == Texts{{"a", "x"}, {"b", "y"}});
  CHECK(taken_apart("%{->} %{b}", "x   y") == Texts{{"b", "y"}});
}

TEST_CASE("fields may be passed over") {
  CHECK(taken_apart("%{} %{?name} %{c}", "a b c") == Texts{{"c", "c"}});
}

TEST_CASE("fields may be put together, in the order in which they stand or are numbered") {
  CHECK(taken_apart("%{ts} %{+ts} %{+ts} %{x}", "Nov 21 02:51 y") ==
        Texts{{"ts", "Nov 21 02:51"}, {"x", "y"}});
  CHECK(taken_apart("%{+ts}/%{+ts} %{x}", "a/b y") == Texts{{"ts", "a/b"}, {"x", "y"}});
  CHECK(taken_apart("%{+name/2} %{+name/1}", "last first") == Texts{{"name", "first last"}});
}

TEST_CASE("a field may be named by another") {
  CHECK(taken_apart("%{?key}=%{&key};%{rest}", "user=jane;x") ==
        Texts{{"user", "jane"}, {"rest", "x"}});
  CHECK(taken_apart("%{*key}=%{&key}", "user=jane") == Texts{{"user", "jane"}});
  CHECK(taken_apart("%{?key}=%{&key}", "=jane").empty());
}

TEST_CASE("a delimiter that is not there fails the step and is named") {
  CHECK(taken_apart("%{a}, %{b}", "x y") ==
        Texts{{"failed", "found no ', ' behind %{a}, which begins at column 1"}});
  CHECK(taken_apart("%{a} %{b}: %{c}", "x yy") ==
        Texts{{"failed", "found no ': ' behind %{b}, which begins at column 3"}});
  CHECK(taken_apart("<%{a}> %{b}", "[1] x") ==
        Texts{{"failed", "found '[' at the beginning, expected '<'"}});
  CHECK(taken_apart("<%{a}> %{b}", "").begin()->first == "failed");
}

TEST_CASE("nothing is stored of a text that fails") {
  test::Rig rig("1 2");
  CHECK(rig.apply(mapping("%{a} %{b} %{c}")) == Outcome::kFailed);
  CHECK(rig.attributes().empty());
}

TEST_CASE("a missing field is no failure, and fields are replaced") {
  test::Rig rig("new rest", {{"a", "old"}});
  CHECK(rig.apply(mapping("%{a} %{message}")) == Outcome::kDone);
  CHECK(rig.text("a") == "new");
  CHECK(rig.record.view().description == "rest");
  test::Rig empty;
  CHECK(empty.apply(mapping("%{a} %{b}")) == Outcome::kSkipped);
}

TEST_CASE("a field that cannot hold its text fails the step") {
  test::Rig rig("fast x");
  CHECK(rig.apply(mapping("%{metric} %{b}")) == Outcome::kFailed);
}

TEST_CASE("fields become numbers, those that are none get a tag") {
  test::Rig rig("12 0.5 x 7.9");
  DissectOptions options{FieldName::parse("message"), "%{a} %{b} %{c} %{d}", {}};
  options.convert = {{FieldName::parse("a"), true},
                     {FieldName::parse("b"), false},
                     {FieldName::parse("c"), true},
                     {FieldName::parse("d"), true},
                     {FieldName::parse("none"), false}};
  CHECK(rig.apply(test::made(make_dissect(std::move(options)))) == Outcome::kDone);
  CHECK(rig.find("a") == Value::integer(12));
  CHECK(rig.find("b") == Value::real(0.5));
  CHECK(rig.find("c") == Value::text("x"));
  CHECK(rig.find("d") == Value::integer(7));
  CHECK(rig.tags() == std::vector<std::string>{"_dataconversionuncoercible_c_int",
                                               "_dataconversionuncoercible_none_float"});
}

TEST_CASE("a mapping that is wrong is refused at its place") {
  const auto complaint = [](std::string text) {
    const auto refused = make_dissect({FieldName::parse("message"), std::move(text), {}});
    REQUIRE_FALSE(refused);
    return refused.error().where + ": " + refused.error().text;
  };
  CHECK(complaint("%{a}%{b}") ==
        "1:5: found two fields side by side, expected a delimiter between them");
  CHECK(complaint("x %{a") == "1:3: found a field that is not closed, expected '}'");
  CHECK(complaint("text").starts_with("1:1: found a mapping without a field"));
  CHECK(complaint("").starts_with("1:1: found a mapping without a field"));
  CHECK(complaint("%{a} %{&k}").starts_with("1:6: found %{&k}, expected %{?k} or %{*k} as well"));
  CHECK(complaint("%{+}").starts_with("1:1: found a field without a name"));
  CHECK(complaint("%{+a/x}").starts_with("1:1: found 'x' as the order of an added field"));
}

TEST_CASE("lines are taken apart without the heap") {
  const OperationPtr dissect = mapping("%{ts} %{+ts} %{a} %{?k}=%{&k} %{rest}");
  Record record;
  EventView event;
  event.description = "Nov 21 x key=value the rest";
  const auto use = [&] {
    record.assign(event);
    return dissect->apply(record, nullptr);
  };
  CHECK(use() == Outcome::kDone);
  const std::uint64_t before = tocsin::testing::heap_allocations();
  for (int i = 0; i < 5; ++i) (void)use();
  CHECK(tocsin::testing::heap_allocations() == before);
}

}  // namespace
}  // namespace tocsin::rules::parse
