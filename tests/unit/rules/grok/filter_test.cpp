#include "src/rules/grok/filter.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace tocsin::rules::grok {
namespace {

using Outcome = Filter::Outcome;

PatternLibrary library() {
  PatternLibrary library;
  REQUIRE(library.add_text("INT [+-]?\\d+\nWORD \\b\\w+\\b\nDATA .*?\nGREEDYDATA .*\n", "f"));
  return library;
}

FilterOptions on_message(std::vector<std::string> expressions) {
  FilterOptions options;
  FieldMatch match{"message", {}};
  for (std::string& text : expressions)
    match.expressions.push_back({std::move(text), {"here", 1, 1}});
  options.match.push_back(std::move(match));
  return options;
}

Filter made(FilterOptions options) {
  auto filter = Filter::make(std::move(options), library());
  REQUIRE(filter);
  return *std::move(filter);
}

Value text(const char* value) {
  return {std::string(value)};
}

Object message(const char* line) {
  return {{"message", text(line)}};
}

// The event afterwards, as JSON.
std::string applied(const FilterOptions& options, Object event, Outcome expected) {
  Filter::Scratch scratch;
  CHECK(made(options).apply(event, scratch) == expected);
  std::string json;
  append_json(Value{std::move(event)}, json);
  return json;
}

std::string after(const FilterOptions& options, const char* line,
                  Outcome expected = Outcome::kMatched) {
  return applied(options, message(line), expected);
}

TEST_CASE("captures become fields of their types") {
  CHECK(after(on_message({"%{WORD:verb} %{INT:[http][status]:int}"}), "GET 200") ==
        R"({"message":"GET 200","verb":"GET","http":{"status":200}})");
}

TEST_CASE("failure is tagged once") {
  FilterOptions options = on_message({"%{INT:n}"});
  CHECK(after(options, "x", Outcome::kFailed) == R"({"message":"x","tags":["_grokparsefailure"]})");
  options.tag_on_failure = {"a", "b", "a"};
  CHECK(after(options, "x", Outcome::kFailed) == R"({"message":"x","tags":["a","b"]})");
  options.tag_on_failure = {};
  CHECK(after(options, "x", Outcome::kFailed) == R"({"message":"x"})");
}

TEST_CASE("what stands in a field decides what becomes of a capture") {
  const FilterOptions options = on_message({"%{WORD:f}"});
  const auto with = [&](Value old) {
    return applied(options, {{"message", text("x")}, {"f", std::move(old)}}, Outcome::kMatched);
  };
  CHECK(with({}) == R"({"message":"x","f":"x"})");
  CHECK(with(text("o")) == R"({"message":"x","f":["o","x"]})");
  CHECK(with({Array{text("o")}}) == R"({"message":"x","f":["o","x"]})");
  CHECK(with({std::int64_t{3}}) == R"({"message":"x","f":3})");
  CHECK(with({true}) == R"({"message":"x","f":true})");
  CHECK(with({Object{}}) == R"({"message":"x","f":{}})");
}

TEST_CASE("fields to be overwritten are compared as they are spelt") {
  FilterOptions options = on_message({"%{WORD:[w][k]}"});
  const Object event{{"message", text("x")}, {"w", {Object{{"k", text("o")}}}}};
  options.overwrite = {"[w][k]"};
  CHECK(applied(options, event, Outcome::kMatched) == R"({"message":"x","w":{"k":"x"}})");
  options.overwrite = {"w.k"};
  CHECK(applied(options, event, Outcome::kMatched) == R"({"message":"x","w":{"k":["o","x"]}})");
}

TEST_CASE("the field that is matched may itself be captured") {
  FilterOptions options = on_message({"%{WORD:message} %{WORD:message}"});
  CHECK(after(options, "hello world") == R"({"message":["hello world","hello","world"]})");
  options.overwrite = {"message"};
  CHECK(after(options, "hello world") == R"({"message":"world"})");
}

TEST_CASE("captures go under the target, which overwrite does not see") {
  FilterOptions options = on_message({"%{WORD:a}"});
  options.target = "out";
  options.overwrite = {"a"};
  CHECK(after(options, "x") == R"({"message":"x","out":{"a":"x"}})");
  options.target = "[@metadata][grok]";
  CHECK(after(options, "x") == R"({"message":"x","@metadata":{"grok":{"a":"x"}}})");
}

TEST_CASE("empty captures are kept when asked for, and numbers always") {
  FilterOptions options = on_message({"a=%{DATA:a};(?:b=%{INT:b:int})?"});
  CHECK(after(options, "a=;") == R"({"message":"a=;"})");
  options.keep_empty_captures = true;
  CHECK(after(options, "a=;") == R"({"message":"a=;","a":"","b":null})");
  CHECK(after(on_message({"a=%{DATA:a:int};"}), "a=;") == R"({"message":"a=;","a":0})");
}

TEST_CASE("names capture without a field when asked to") {
  FilterOptions options = on_message({"%{WORD} %{WORD:foo}"});
  options.named_captures_only = false;
  CHECK(after(options, "a b") == R"({"message":"a b","WORD":"a","foo":"b"})");
}

TEST_CASE("the first expression that matches ends the search, also for other fields") {
  FilterOptions options = on_message({"%{INT:n}", "%{WORD:w}"});
  options.match.push_back({"other", {{"%{WORD:o}", {"here", 1, 1}}}});
  const Object event{{"message", text("1 a")}, {"other", text("b")}};
  CHECK(applied(options, event, Outcome::kMatched) == R"({"message":"1 a","other":"b","n":"1"})");
  options.break_on_match = false;
  CHECK(applied(options, event, Outcome::kMatched) ==
        R"({"message":"1 a","other":"b","n":"1","w":"1","o":"b"})");
}

TEST_CASE("without breaking, any match counts; as the reference has it, the last one") {
  FilterOptions options = on_message({"%{WORD:w}", "%{INT:n}"});
  options.break_on_match = false;
  CHECK(after(options, "a") == R"({"message":"a","w":"a"})");
  options.compat = true;
  CHECK(after(options, "a", Outcome::kFailed) ==
        R"({"message":"a","w":"a","tags":["_grokparsefailure"]})");
}

TEST_CASE("every group with a type is coerced; as the reference has it, the first of a name") {
  FilterOptions options = on_message({"x%{INT:n:int}|y%{INT:n:int}"});
  CHECK(after(options, "y7") == R"({"message":"y7","n":7})");
  options.compat = true;
  CHECK(after(options, "y7") == R"({"message":"y7","n":"7"})");
}

TEST_CASE("values that are no text are matched as they would be written") {
  FilterOptions options = on_message({"^1\\.0$"});
  CHECK(applied(options, {{"message", {1.0}}}, Outcome::kMatched) == R"({"message":1.0})");
  const FilterOptions any = on_message({"^%{GREEDYDATA:x}$"});
  CHECK(applied(any, {{"message", {true}}}, Outcome::kMatched) == R"({"message":true,"x":"true"})");
  CHECK(applied(any, {}, Outcome::kMatched) == "{}");
  CHECK(applied(any, {{"message", {}}}, Outcome::kMatched) == R"({"message":null})");
}

TEST_CASE("of an array each element is tried, and captures add up") {
  const FilterOptions options = on_message({"%{INT:n}"});
  const auto with = [&](Array elements, Outcome outcome) {
    return applied(options, {{"message", {std::move(elements)}}}, outcome);
  };
  CHECK(with({text("a1"), text("b"), text("c3")}, Outcome::kMatched) ==
        R"({"message":["a1","b","c3"],"n":["1","3"]})");
  CHECK(with({}, Outcome::kFailed) == R"({"message":[],"tags":["_grokparsefailure"]})");
}

TEST_CASE("success adds and removes, failure does not") {
  FilterOptions options = on_message({"%{INT:n}"});
  options.add_field = {{"f_%{n}", {"v%{n}", "w"}}};
  options.remove_field = {"message", "missing"};
  options.add_tag = {"t%{n}", "old"};
  options.remove_tag = {"gone"};
  const Value tags{Array{text("gone"), text("old")}};
  CHECK(applied(options, {{"message", text("7")}, {"tags", tags}}, Outcome::kMatched) ==
        R"({"tags":["old","t7"],"n":"7","f_7":["v7","w"]})");
  CHECK(after(options, "x", Outcome::kFailed) == R"({"message":"x","tags":["_grokparsefailure"]})");
}

TEST_CASE("an expression that gives up ends the filter with tags of its own") {
  FilterOptions options = on_message({"(?:a+)+[xy]", "%{WORD:w}"});
  options.tag_on_timeout = {"late"};
  Object event{{"message", {std::string(20'000, 'a') + "!"}}};
  const Filter filter = made(options);
  Filter::Scratch scratch;
  CHECK(filter.apply(event, scratch) == Outcome::kGaveUp);
  CHECK(find(event, "w") == nullptr);
  REQUIRE(find(event, "tags") != nullptr);
  CHECK(*find(event, "tags") == Value{Array{text("late")}});
  CHECK(filter.counts().give_ups == 1);
  CHECK(filter.expressions().front()->regex().give_ups() == 1);
  Object next = message("aax");
  CHECK(filter.apply(next, scratch) == Outcome::kMatched);
  CHECK(filter.counts().matches == 1);
  CHECK(filter.counts().failures == 0);
}

TEST_CASE("effort of the event is shared by its expressions") {
  FilterOptions options = on_message({"(?:a|b)*c", "(?:a|b)*d", "%{WORD:w}"});
  options.effort_is_of_event = true;
  options.effort = std::chrono::seconds(10);
  CHECK(after(options, std::string(100, 'a').c_str()).find("\"w\"") != std::string::npos);
}

TEST_CASE("bytes that are not UTF-8 are replaced in what is captured") {
  CHECK(after(on_message({"(?<x>.)b"}),
              "\xFF"
              "b")
            .ends_with("\"x\":\"\xEF\xBF\xBD\"}"));
}

TEST_CASE("an expression that is wrong is refused at its place") {
  const auto filter = Filter::make(on_message({"fine", "a%{NOPE}"}), library());
  REQUIRE_FALSE(filter);
  CHECK(filter.error().where == "here:1:2");
}

}  // namespace
}  // namespace tocsin::rules::grok
