#include "src/rules/parse/text_change.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

TEST_CASE("letters of ASCII change their case, others stay") {
  TextArena arena;
  CHECK(transformed("aBc-\xC3\xA9", Transform::kUppercase, arena) == "ABC-\xC3\xA9");
  CHECK(transformed("aBc", Transform::kLowercase, arena) == "abc");
  CHECK(transformed("aBC dE", Transform::kCapitalize, arena) == "Abc de");
  CHECK(transformed("aBc", Transform::kNone, arena) == "aBc");
  CHECK(transformed("", Transform::kCapitalize, arena).empty());
}

TEST_CASE("letters are taken off the ends, or out") {
  TextArena arena;
  CHECK(trimmed("<<a<b>>", "<>") == "a<b");
  CHECK(trimmed("<>", "<>").empty());
  CHECK(trimmed("a", "").size() == 1);
  CHECK(without("a-b-c", "-", arena) == "abc");
  CHECK(without("abc", "-", arena) == "abc");
  CHECK(without("--", "-", arena).empty());
}

TEST_CASE("each text of a field is changed, other values stay") {
  test::Rig rig("", {{"a", "x"}});
  const std::vector<Value> list = {Value::text("y"), Value::integer(1)};
  rig.set("l", Value::list(list));
  rig.set("n", Value::integer(2));
  const auto to_z = [](std::string_view) { return std::string_view("z"); };
  for (const char* field : {"a", "l", "n", "missing"}) {
    CHECK(change_texts(test::name(field), rig.record, to_z));
  }
  CHECK(rig.text("a") == "z");
  CHECK(rig.text("l") == R"(["z",1])");
  CHECK(rig.text("n") == "2");
  CHECK_FALSE(rig.record.has(test::name("missing")));
}

}  // namespace
}  // namespace tocsin::rules::parse
