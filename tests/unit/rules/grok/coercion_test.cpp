#include "src/rules/grok/coercion.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace tocsin::rules::grok {
namespace {

TEST_CASE("an integer is read from the beginning of a text") {
  const std::pair<const char*, std::int64_t> rows[] = {
      {"12.7", 12},
      {"abc", 0},
      {"", 0},
      {"0x1f", 0},
      {"1e3", 1},
      {"1_000", 1000},
      {"1__0", 1},
      {"_1", 0},
      {"  7", 7},
      {"\t-7", -7},
      {"+7", 7},
      {"- 7", 0},
      {"007", 7},
      {"-", 0},
      {"NaN", 0},
      {"000", 0},
      {"1_", 1},
      {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
      {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
  };
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    CHECK(leading_integer(text) == Value{expected});
  }
}

TEST_CASE("an integer beyond 64 bits keeps its digits") {
  CHECK(leading_integer("9223372036854775808") == Value{BigInteger{"9223372036854775808"}});
  CHECK(leading_integer("-9223372036854775809 x") == Value{BigInteger{"-9223372036854775809"}});
  CHECK(leading_integer("00123456789012345678901234567890") ==
        Value{BigInteger{"123456789012345678901234567890"}});
}

TEST_CASE("a float is read from the beginning of a text") {
  const std::pair<const char*, double> rows[] = {
      {"12.7", 12.7},
      {".5", 0.5},
      {"3.14.15", 3.14},
      {"NaN", 0.0},
      {"Infinity", 0.0},
      {"", 0.0},
      {"1_000", 1000.0},
      {"1e3", 1000.0},
      {"1E-2", 0.01},
      {"1e", 1.0},
      {"1.", 1.0},
      {"1.e5", 1.0},
      {"  7", 7.0},
      {"-.5", -0.5},
      {"+7", 7.0},
      {"12abc", 12},
      {"0x1f", 0.0},
      {"1e-999", 0.0},
      {"0.1_5", 0.15},
      {"1e999", std::numeric_limits<double>::infinity()},
      {"-1e999", -std::numeric_limits<double>::infinity()},
  };
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    CHECK(leading_float(text) == expected);
  }
}

}  // namespace
}  // namespace tocsin::rules::grok
