#include "ingest/statsd/inspect_text.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

namespace tocsin::statsd {
namespace {

using Numbers = std::vector<NamedNumber>;
using Lists = std::vector<NamedNumbers>;

TEST_CASE("numbers are written as JavaScript writes them") {
  CHECK(inspect_number(1) == "1");
  CHECK(inspect_number(-0.0) == "-0");
  CHECK(inspect_number(0.1) == "0.1");
  CHECK(inspect_number(1e20) == "100000000000000000000");
  CHECK(inspect_number(-544655023849580736) == "-544655023849580740");
  CHECK(inspect_number(9007199254740994) == "9007199254740994");
  CHECK(inspect_number(1e21) == "1e+21");
  CHECK(inspect_number(1.5e-7) == "1.5e-7");
  CHECK(inspect_number(0.000001) == "0.000001");
  CHECK(inspect_number(1e-10) == "1e-10");
  CHECK(inspect_number(1e100) == "1e+100");
  CHECK(inspect_number(INFINITY) == "Infinity");
  CHECK(inspect_number(-INFINITY) == "-Infinity");
  CHECK(inspect_number(NAN) == "NaN");
}

TEST_CASE("keys are quoted unless they are identifiers") {
  CHECK(inspect(Numbers{}) == "{}");
  CHECK(inspect(Numbers{{"a_1", 1}, {"1a", 2}, {"", 3}, {"a.b", 4}}) ==
        "{ a_1: 1, '1a': 2, '': 3, 'a.b': 4 }");
}

TEST_CASE("an object breaks into lines when it would pass column 80") {
  // 67 characters of entries fit beside the braces, 68 do not.
  CHECK(inspect(Numbers{{std::string(64, 'a'), 1}}) == "{ " + std::string(64, 'a') + ": 1 }");
  CHECK(inspect(Numbers{{std::string(65, 'a'), 1}}) == "{\n  " + std::string(65, 'a') + ": 1\n}");
}

TEST_CASE("short arrays stand on one line") {
  CHECK(inspect(Lists{{"a", {1, 2.5, 3}}, {"b", {}}}) == "{ a: [ 1, 2.5, 3 ], b: [] }");
}

// The expected texts of the next two were printed by Node 20.
TEST_CASE("long arrays are set in right-aligned columns and cut at a hundred") {
  std::vector<double> values;
  for (int i = 1; i <= 103; ++i) values.push_back(i);
  CHECK(inspect(Lists{{"t", values}}) ==
        "{\n"
        "  t: [\n"
        "     1,  2,  3,   4,  5,  6,  7,  8,  9, 10, 11, 12,\n"
        "    13, 14, 15,  16, 17, 18, 19, 20, 21, 22, 23, 24,\n"
        "    25, 26, 27,  28, 29, 30, 31, 32, 33, 34, 35, 36,\n"
        "    37, 38, 39,  40, 41, 42, 43, 44, 45, 46, 47, 48,\n"
        "    49, 50, 51,  52, 53, 54, 55, 56, 57, 58, 59, 60,\n"
        "    61, 62, 63,  64, 65, 66, 67, 68, 69, 70, 71, 72,\n"
        "    73, 74, 75,  76, 77, 78, 79, 80, 81, 82, 83, 84,\n"
        "    85, 86, 87,  88, 89, 90, 91, 92, 93, 94, 95, 96,\n"
        "    97, 98, 99, 100,\n"
        "    ... 3 more items\n"
        "  ]\n"
        "}");
  CHECK(inspect(Lists{{"t", {1, 2, 3, 4, 5, 6, 7}}}) ==
        "{\n  t: [\n    1, 2, 3, 4,\n    5, 6, 7\n  ]\n}");
}

TEST_CASE("long arrays of very different numbers are not set in columns") {
  CHECK(inspect(Lists{{"t", {1.5, 320, 7.25, 10, 3, 9, 8, 100.125}}}) ==
        "{ t: [ 1.5, 320, 7.25, 10, 3, 9, 8, 100.125 ] }");
}

}  // namespace
}  // namespace tocsin::statsd
