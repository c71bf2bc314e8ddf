#include "src/rules/parse/kv_operation.hpp"

#include <doctest/doctest.h>

#include "src/rules/grok/dialect.hpp"
#include "tests/support/counting_new.hpp"
#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

using test::Texts;

KvOptions defaults() {
  KvOptions options;
  options.field = FieldName::parse("message");
  return options;
}

Texts pairs(const std::string& line, KvOptions options = defaults()) {
  test::Rig rig(line);
  (void)rig.apply(make_kv(std::move(options)));
  return rig.attributes();
}

grok::Regex regex(std::string_view text) {
  grok::Expansion source;
  source.append(text, {"here", 1, 1});
  return test::made(grok::Regex::compile(*grok::translate(source), source));
}

TEST_CASE("pairs become fields, what is no pair is passed over") {
  CHECK(pairs("pid=12 hello path=/a?b=c end") == Texts{{"pid", "12"}, {"path", "/a?b=c"}});
  CHECK(pairs("no pairs here").empty());
  CHECK(pairs("=x a=1 =").size() == 1);
  CHECK(pairs("").empty());
}

TEST_CASE("values in quotes and brackets lose them") {
  CHECK(pairs(R"(a="x y" b='z w' c=[1 2] d=(3 4) e=<5 6> f=7)") ==
        Texts{{"a", "x y"}, {"b", "z w"}, {"c", "1 2"}, {"d", "3 4"}, {"e", "5 6"}, {"f", "7"}});
  CHECK(pairs(R"(a="say \"hi\"" b=1)") == Texts{{"a", R"(say \"hi\")"}, {"b", "1"}});
  KvOptions options = defaults();
  options.include_brackets = false;
  CHECK(pairs("a=[1 2] b=\"3 4\"", std::move(options)) == Texts{{"a", "[1"}, {"b", "3 4"}});
}

TEST_CASE("quotes count only when the value ends with them") {
  CHECK(pairs(R"(a="x"y b=1)") == Texts{{"a", R"("x"y)"}, {"b", "1"}});
  CHECK(pairs(R"(a="open b=1)") == Texts{{"a", R"("open)"}, {"b", "1"}});
}

TEST_CASE("blanks around the sign are allowed, unless one is strict") {
  CHECK(pairs("a = 1 b= 2 c =3") == Texts{{"a", "1"}, {"b", "2"}, {"c", "3"}});
  KvOptions options = defaults();
  options.lenient = false;
  CHECK(pairs("a = 1 b=2", std::move(options)) == Texts{{"b", "2"}});
}

TEST_CASE("other separators, several letters each") {
  KvOptions options = defaults();
  options.field_split = "&?";
  CHECK(pairs("/x?a=1&b=x y&c=", std::move(options)) == Texts{{"a", "1"}, {"b", "x y"}});
  KvOptions colon = defaults();
  colon.value_split = ":=";
  colon.field_split = ",";
  colon.trim_key = " ";
  CHECK(pairs("a:1, b=2", std::move(colon)) == Texts{{"a", "1"}, {"b", "2"}});
}

TEST_CASE("separators that are expressions") {
  KvOptions options = defaults();
  options.field_split_pattern = regex("\\s*;+\\s*");
  options.value_split_pattern = regex("->");
  CHECK(pairs("a->1 ;; b->x-y;c", std::move(options)) == Texts{{"a", "1"}, {"b", "x-y"}});
}

TEST_CASE("an empty value is no pair, unless one wants it") {
  CHECK(pairs("a= ,b=\"\" c=1") == Texts{{"a", ",b=\"\""}, {"c", "1"}});
  KvOptions options = defaults();
  options.allow_empty_values = true;
  options.field_split = "&";
  CHECK(pairs("a=&b=\"\"&c=1", std::move(options)) == Texts{{"a", ""}, {"b", ""}, {"c", "1"}});
}

TEST_CASE("a key that repeats has a list, with or without values that repeat") {
  CHECK(pairs("t=x t=y t=x") == Texts{{"t", R"(["x","y","x"])"}});
  KvOptions options = defaults();
  options.allow_duplicate_values = false;
  CHECK(pairs("t=x t=y t=x u=1 u=1", std::move(options)) ==
        Texts{{"t", R"(["x","y"])"}, {"u", "1"}});
}

TEST_CASE("keys and values are trimmed, thinned and written in another case") {
  KvOptions options = defaults();
  options.trim_key = "<";
  options.trim_value = ">,";
  options.remove_char_key = "_";
  options.remove_char_value = "%";
  options.transform_key = Transform::kUppercase;
  options.transform_value = Transform::kCapitalize;
  CHECK(pairs("<my_key=vAL%ue>, b=1", std::move(options)) == Texts{{"MYKEY", "Value"}, {"B", "1"}});
}

TEST_CASE("keys are chosen before they get a prefix") {
  KvOptions options = defaults();
  options.include_keys = {"a", "b"};
  options.exclude_keys = {"b"};
  options.prefix = "p_";
  CHECK(pairs("a=1 b=2 c=3", std::move(options)) == Texts{{"p_a", "1"}});
}

TEST_CASE("fields go below the target, and the event's own are set by name") {
  KvOptions options = defaults();
  options.target = FieldName::parse("[app][kv]");
  CHECK(pairs("a=1 host=x", std::move(options)) == Texts{{"app.kv.a", "1"}, {"app.kv.host", "x"}});
  test::Rig rig("host=db-1 metric=5");
  CHECK(rig.apply(make_kv(defaults())) == Outcome::kDone);
  CHECK(rig.record.view().host == "db-1");
  CHECK(rig.find("metric") == Value::integer(5));
  test::Rig bad("metric=fast a=1");
  CHECK(bad.apply(make_kv(defaults())) == Outcome::kFailed);
}

TEST_CASE("keys that did not occur have their defaults") {
  KvOptions options = defaults();
  options.default_keys = {{"from", "nobody"}, {"a", "0"}};
  CHECK(pairs("a=1", std::move(options)) == Texts{{"a", "1"}, {"from", "nobody"}});
}

TEST_CASE("values may be pairs themselves") {
  KvOptions options = defaults();
  options.recursive = true;
  CHECK(pairs("a=\"b=1 c=(d=2 e=3)\" f=4", std::move(options)) ==
        Texts{{"a.b", "1"}, {"a.c.d", "2"}, {"a.c.e", "3"}, {"f", "4"}});
}

TEST_CASE("of a list each text is read; a missing field is no failure") {
  test::Rig rig;
  rig.set_list("l", {"a=1", "b=2"});
  KvOptions of_list = defaults();
  of_list.field = FieldName::parse("l");
  CHECK(rig.apply(make_kv(std::move(of_list))) == Outcome::kDone);
  CHECK(rig.text("a") == "1");
  CHECK(rig.text("b") == "2");
  KvOptions options = defaults();
  options.field = FieldName::parse("missing");
  options.default_keys = {{"x", "y"}};
  CHECK(rig.apply(make_kv(std::move(options))) == Outcome::kSkipped);
  CHECK(rig.text("x") == "(none)");
}

TEST_CASE("too many pairs, or values of one, fail the step") {
  std::string keys;
  std::string values;
  for (std::size_t i = 0; i <= kMostPairs; ++i) {
    keys += "k" + std::to_string(i) + "=1 ";
    values += "k=1 ";
  }
  test::Rig rig(keys);
  CHECK(rig.apply(make_kv(defaults())) == Outcome::kFailed);
  CHECK(rig.attributes().empty());
  test::Rig other(values);
  CHECK(other.apply(make_kv(defaults())) == Outcome::kFailed);
}

TEST_CASE("a long text without pairs is read once, not once for each word") {
  std::string words;
  for (int i = 0; i < 500'000; ++i) words += "w ";
  words += "a=1";
  CHECK(pairs(words) == Texts{{"a", "1"}});
}

TEST_CASE("lines are read without the heap") {
  const OperationPtr kv = make_kv(defaults());
  const auto memory = kv->make_memory();
  Record record;
  EventView event;
  event.description = R"(a=1 b="two words" c=[3] t=x t=y nothing)";
  const auto use = [&] {
    record.assign(event);
    return kv->apply(record, memory.get());
  };
  CHECK(use() == Outcome::kDone);
  const std::uint64_t before = tocsin::testing::heap_allocations();
  for (int i = 0; i < 5; ++i) (void)use();
  CHECK(tocsin::testing::heap_allocations() == before);
}

}  // namespace
}  // namespace tocsin::rules::parse
