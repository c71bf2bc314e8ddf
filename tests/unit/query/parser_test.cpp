#include "src/query/parser.hpp"

#include <doctest/doctest.h>

#include <string>

#include "src/query/printer.hpp"

using namespace tocsin::query;
using tocsin::Errc;

namespace {

std::string canonical(std::string_view text) {
  const auto program = parse(text, {});
  REQUIRE_MESSAGE(program.has_value(), (program ? "" : program.error().message()));
  return print(*program);
}

std::string refusal(std::string_view text, const Limits& limits = {}) {
  const auto program = parse(text, limits);
  REQUIRE_FALSE(program.has_value());
  return program.error().message();
}

std::string repeated(std::string_view piece, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += piece;
  return text;
}

}  // namespace

TEST_CASE("`not` binds before `and`, `and` before `or`") {
  CHECK(canonical("not a or b and c") == "not a or b and c");
  CHECK(canonical("((not a) or (b and c))") == "not a or b and c");
  CHECK(canonical("(a or b) and c") == "(a or b) and c");
  CHECK(canonical("not (a and b)") == "not (a and b)");
  CHECK(canonical("not a = 1 and b") == "not a = 1 and b");
}

TEST_CASE("equal predicates have one text") {
  struct Row {
    const char* written;
    const char* canonical;
  };
  const Row rows[] = {
      {"2<metric", "metric > 2"},
      {"2 >= metric", "metric <= 2"},
      {"\"a\" = host", "host = \"a\""},
      {"metric>threshold", "metric > threshold"},
      {"x = nil", "missing(x)"},
      {"null = x", "missing(x)"},
      {"x = \"\"", "missing(x)"},
      {"x != nil", "x != nil"},
      {"not missing(x)", "x != nil"},
      {"not x in (1, 'b')", "x not in (1, \"b\")"},
      {"x not in (1,'b')", "x not in (1, \"b\")"},
      {"not not x", "x"},
      {"a and (b and c)", "a and b and c"},
      {"a or (b or c)", "a or b or c"},
      {"true and a", "a"},
      {"false and a", "false"},
      {"a or not false", "true"},
      {"1 = 1.0", "true"},
      {"\"b\" < \"a\"", "false"},
      {"0", "true"},
      {"nil", "false"},
      {"metric = 5L", "metric = 5"},
      {"metric = 1e3", "metric = 1000.0"},
      {"metric = 1e300", "metric = 1e+300"},
      {"metric > -Infinity", "metric > -Infinity"},
      {"`a b` = 'x\\u0007\"'", "`a b` = \"x\\u0007\\\"\""},
      {"`host` = 'x'", "host = \"x\""},
      {"tagged ''", "tagged \"\""},
      {"tags = nil", "missing(tags)"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.written);
    CHECK(canonical(row.written) == row.canonical);
    CHECK(canonical(row.canonical) == row.canonical);
  }
}

TEST_CASE("an error says where, what was found and what was expected") {
  struct Row {
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"",
       "1:1: found the end where a value was expected (a field, a number, a \"string\" or '(')"},
      {"a and )",
       "1:7: found ')' where a value was expected (a field, a number, a \"string\" or '(')"},
      {"metric > (",
       "1:10: found '(' where a value was expected (a field, a number or a \"string\")"},
      {"a = 1\n  and\n  b = 2 c", "3:9: found 'c' where 'and', 'or' or the end was expected"},
      {"\"h\xC3\xB6he\" = a )", "1:12: found ')' where 'and', 'or' or the end was expected"},
      {"service \"x\"",
       "1:9: found \"x\" where an operator (= != < <= > >= =~ ~= in, not in), 'and', 'or' or the "
       "end "
       "was expected"},
      {"(a = 1 b", "1:8: found 'b' where 'and', 'or' or ')' was expected"},
      {"(a = 1", "1:7: found the end where 'and', 'or' or ')' was expected"},
      {"tagged prod", "1:8: found 'prod' where a tag as a \"string\" was expected"},
      {"missing x", "1:9: found 'x' where '(' was expected after 'missing'"},
      {"missing(1)", "1:9: found '1' where a field was expected"},
      {"missing(x", "1:10: found the end where ')' was expected"},
      {"x in 1", "1:6: found '1' where '(' was expected after 'in'"},
      {"x in ()", "1:7: found ')' where a number, a \"string\", true, false or nil was expected"},
      {"x in (1,)", "1:9: found ')' where a number, a \"string\", true, false or nil was expected"},
      {"x in (1 2)", "1:9: found '2' where ',' or ')' was expected"},
      {"5 in (1, 5)", "1:1: found '5' before 'in' where a field was expected"},
      {"x =~ y", "1:6: found 'y' where a pattern as a \"string\" was expected"},
      {"\"x\" ~= \"y\"", "1:1: found \"x\" before '~=' where a field was expected"},
      {"metric =~ \"5%\"",
       "1:8: found '=~' after 'metric', which is a number, where a comparison was expected (= != < "
       "<= > >= in)"},
      {"x < nil",
       "1:5: found 'nil' beside '<' where a number, a \"string\" or a field was expected"},
      {"tags = \"prod\"",
       "1:6: found '=' with 'tags', which is a list: tagged \"x\", missing(tags) or a bare 'tags' "
       "was expected"},
      {"x ~= \"(\"",
       "1:6: found \"(\" where a regular expression was expected: missing closing parenthesis "
       "(byte "
       "1 of the expression)"},
      {"a = 1 OR b",
       "1:7: found 'OR' where 'or' was expected: the words of the language are in lower case (a "
       "field of that name is written `OR`)"},
      {"a = ) \"open",  // the first fault is told, not the one that the lexer meets
       "1:5: found ')' where a value was expected (a field, a number or a \"string\")"},
      {"a, b",
       "1:2: found ',' where an operator (= != < <= > >= =~ ~= in, not in), 'and', 'or' or "
       "the end was expected"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(refusal(row.text) == row.message);
  }
}

TEST_CASE("an error never carries control characters or long text") {
  const std::string message = refusal("a = 1 \"" + std::string(500, 'x') + "\x1b[31m\"");
  CHECK(message.size() < 150);
  CHECK(refusal("a \x1b[31m").find('\x1b') == std::string::npos);
}

TEST_CASE("every limit is kept, and says so") {
  const auto code_of = [](std::string_view text, const Limits& limits) {
    const auto program = parse(text, limits);
    return program ? std::string("none") : std::string(tocsin::to_string(program.error().code));
  };
  SUBCASE("length") {
    CHECK(code_of("metric", {.text_bytes = 6}) == "none");
    CHECK(code_of("metric ", {.text_bytes = 6}) == "limit");
  }
  SUBCASE("tests and list items") {
    CHECK(code_of("a and b and c", {.nodes = 3}) == "none");
    CHECK(code_of("a and b and c and d", {.nodes = 3}) == "limit");
    CHECK(code_of("a in (1, 2, 3)", {.nodes = 3}) == "limit");
  }
  SUBCASE("parentheses") {
    CHECK(code_of(repeated("(", 64) + "a" + repeated(")", 64), {}) == "none");
    CHECK(code_of(repeated("(", 65) + "a" + repeated(")", 65), {}) == "limit");
    CHECK(code_of(repeated("(", 10'000), {}) == "limit");
  }
  SUBCASE("negations") {
    CHECK(code_of(repeated("not ", 64) + "a", {}) == "none");
    CHECK(code_of(repeated("not ", 4000) + "a", {}) == "limit");
  }
  SUBCASE("regular expressions") {
    CHECK(code_of("a ~= 'x' or a ~= 'y'", {.regexes = 2}) == "none");
    CHECK(code_of("a ~= 'x' or a ~= 'y'", {.regexes = 1}) == "limit");
    CHECK(code_of("a ~= 'xyz'", {.regex_bytes = 2}) == "limit");
  }
}

TEST_CASE("a long chain needs no depth") {
  CHECK(canonical("a" + repeated(" and a", 2000)).size() == 1 + 2000 * 6);
}
