#include "src/rules/parse/mutate/lists.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

std::string split(const std::string& text, std::string separator) {
  test::Rig rig("", {{"f", text}});
  CHECK(rig.apply(make_split({{FieldName::parse("f"), std::move(separator)}})) == Outcome::kDone);
  return rig.text("f");
}

TEST_CASE("a text becomes a list, as Ruby splits") {
  CHECK(split("a,b,c", ",") == R"(["a","b","c"])");
  CHECK(split("a,,b", ",") == R"(["a","","b"])");
  CHECK(split(",a,,", ",") == R"(["","a"])");
  CHECK(split("abc", ",") == R"(["abc"])");
  CHECK(split(",,", ",") == "[]");
  CHECK(split("", ",") == "[]");
  CHECK(split("a||b|", "||") == R"(["a","b|"])");
  CHECK(split("  a \t b ", " ") == R"(["a","b"])");
}

TEST_CASE("a list becomes a text; other values stay") {
  test::Rig rig("", {{"t", "x"}});
  rig.set_list("l", {"a", "b"});
  rig.set_list("e", {});
  rig.set("n", Value::integer(1));
  Separations all;
  for (const char* field : {"l", "e", "t", "n", "missing"}) {
    all.emplace_back(FieldName::parse(field), ", ");
  }
  CHECK(rig.apply(make_join(all)) == Outcome::kDone);
  CHECK(rig.text("l") == "a, b");
  CHECK(rig.text("e").empty());
  CHECK(rig.text("t") == "x");
  CHECK(rig.apply(make_split({{FieldName::parse("n"), ","}})) == Outcome::kDone);
  CHECK(rig.text("n") == "1");
}

TEST_CASE("one field's values are added to another's") {
  test::Rig rig("", {{"a", "1"}, {"b", "2"}});
  rig.set_list("l", {"x", "y"});
  const auto f = [](const char* name) { return FieldName::parse(name); };
  CHECK(rig.apply(make_merge({{f("l"), f("a")},
                              {f("b"), f("l")},
                              {f("new"), f("a")},
                              {f("a"), f("missing")},
                              {f("tags"), f("b")}})) == Outcome::kDone);
  CHECK(rig.text("l") == R"(["x","y","1"])");
  CHECK(rig.text("b") == R"(["2","x","y","1"])");
  CHECK(rig.text("new") == R"(["1"])");
  CHECK(rig.text("a") == "1");
  CHECK(rig.tags() == std::vector<std::string>{"2", "x", "y", "1"});
}

}  // namespace
}  // namespace tocsin::rules::parse
