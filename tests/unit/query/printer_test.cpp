#include "src/query/printer.hpp"

#include <doctest/doctest.h>

#include <string>

#include "src/query/parser.hpp"
#include "tests/unit/query/random_predicate.hpp"

using namespace tocsin::query;

TEST_CASE("the canonical text of any predicate parses back to the same predicate") {
  testing::Random random(20240917);
  for (int round = 0; round < 20'000; ++round) {
    const std::string written = testing::random_predicate(random, 4).text;
    CAPTURE(written);
    const auto first = parse(written, {});
    REQUIRE(first.has_value());
    const std::string text = print(*first);
    const auto second = parse(text, {});
    REQUIRE(second.has_value());
    REQUIRE(same(*first, *second));
    REQUIRE(print(*second) == text);
  }
}

TEST_CASE("predicates that differ in one constant, field or operator are not the same") {
  const char* texts[] = {"a = 1",        "a = 1.0",    "a = \"1\"",  "a != 1",   "b = 1",
                         "a = 2",        "a < 1",      "a = b",      "a = c",    "a in (1)",
                         "a in (1, 2)",  "a =~ \"1\"", "a ~= \"1\"", "a",        "missing(a)",
                         "not a",        "a and b",    "b and a",    "a or b",   "host = 1",
                         "tagged \"a\"", "a = true",   "a = NaN",    "a = -0.0", "a = 0.0",
                         "a =~ \"1%\"",  "true",       "false"};
  for (const char* a : texts) {
    for (const char* b : texts) {
      CAPTURE(a);
      CAPTURE(b);
      CHECK(same(*parse(a, {}), *parse(b, {})) == (a == b));
    }
  }
}
