#include "src/rules/parse/mutate/gsub.hpp"

#include <doctest/doctest.h>

#include "tests/support/counting_new.hpp"
#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

GsubOptions substitution(std::string expression, std::string replacement) {
  return {FieldName::parse("f"), std::move(expression), {"here", 1, 1}, std::move(replacement)};
}

std::string replaced(const std::string& text, std::string expression, std::string replacement) {
  test::Rig rig("", {{"f", text}, {"other", "o"}});
  CHECK(rig.apply(test::made(make_gsub(
            {substitution(std::move(expression), std::move(replacement))}))) == Outcome::kDone);
  return rig.text("f");
}

TEST_CASE("every match is replaced") {
  CHECK(replaced("/users/42/posts/7", "/\\d+", "/:id") == "/users/:id/posts/:id");
  CHECK(replaced("abc", "x", "y") == "abc");
  CHECK(replaced("a.b.c", "\\.", "") == "abc");
  CHECK(replaced("a b", "\\s", "_") == "a_b");
  CHECK(replaced("abc", "^|$", "'") == "'abc'");
  CHECK(replaced("abc", "", "-") == "-a-b-c-");
  CHECK(replaced("\xC3\xA9\xC3\xA9", "", "-") == "-\xC3\xA9-\xC3\xA9-");
  CHECK(replaced("aaa", "aa", "b") == "ba");
}

TEST_CASE("an expression without special letters is a text") {
  CHECK(replaced("a-b-c", "-", "+") == "a+b+c");
  CHECK(replaced("a-b", "-", "\\0\\0") == "a--b");
  CHECK(replaced("a-b", "-", "\\1") == "ab");
  CHECK(replaced("", "-", "+").empty());
}

TEST_CASE("a replacement may hold groups, by number and by name") {
  CHECK(replaced("john smith", "(\\w+) (\\w+)", "\\2 \\1") == "smith john");
  CHECK(replaced("john", "(?<n>o)", "[\\k<n>|\\1|\\0]") == "j[o|o|o]hn");
  CHECK(replaced("a", "a", "\\\\ \\x") == "\\ \\x");
  CHECK(replaced("ab", "a(x)?", "<\\1>") == "<>b");
  CHECK(replaced("a", "(a)", "\\k<none>") == "");
}

TEST_CASE("or other fields, and then no groups") {
  CHECK(replaced("a-b", "-", "%{other}") == "aob");
  CHECK(replaced("a1b", "\\d", "%{missing}\\0") == "a%{missing}\\0b");
}

TEST_CASE("of a list each text, and several substitutions in order") {
  test::Rig rig;
  rig.set_list("f", {"a1", "b2", "c"});
  CHECK(rig.apply(test::made(make_gsub({substitution("\\d", "#"), substitution("#", "##")}))) ==
        Outcome::kDone);
  CHECK(rig.text("f") == R"(["a##","b##","c"])");
}

TEST_CASE("what takes too long or becomes too long leaves the field as it was") {
  const std::string hard = std::string(5000, 'a') + "!";
  test::Rig rig("", {{"f", hard}});
  CHECK(rig.apply(test::made(make_gsub({substitution("^(a+)+$", "x")}))) == Outcome::kGaveUp);
  CHECK(rig.text("f") == hard);
  CHECK(rig.apply(test::made(make_gsub({substitution("a", std::string(1000, 'x'))}))) ==
        Outcome::kGaveUp);
  CHECK(rig.apply(test::made(make_gsub({substitution("[a]", std::string(1000, 'x'))}))) ==
        Outcome::kGaveUp);
  CHECK(rig.text("f") == hard);
}

TEST_CASE("a wrong expression is refused at its place") {
  const auto refused = make_gsub({substitution("a(b", "")});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().where.starts_with("here:1:"));
}

TEST_CASE("fields are changed without the heap") {
  const OperationPtr gsub = test::made(make_gsub(
      {substitution("/\\d+", "/:id"), substitution("-", "_"), substitution("x", "%{message}")}));
  const auto memory = gsub->make_memory();
  Record record;
  const AttributeView attributes[] = {{"f", "/users/42/a-b/x/7"}};
  EventView event;
  event.description = "m";
  event.attributes = attributes;
  const auto use = [&] {
    record.assign(event);
    return gsub->apply(record, memory.get());
  };
  CHECK(use() == Outcome::kDone);
  CHECK(record.view().attributes[0].value == "/users/:id/a_b/m/:id");
  const std::uint64_t before = tocsin::testing::heap_allocations();
  for (int i = 0; i < 5; ++i) (void)use();
  CHECK(tocsin::testing::heap_allocations() == before);
}

}  // namespace
}  // namespace tocsin::rules::parse
