#include "src/rules/grok/coercion.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <limits>
#include <random>
#include <string>

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
    CHECK(leading_integer(text) == expected);
  }
}

TEST_CASE("an integer beyond 64 bits keeps its digits") {
  const std::pair<const char*, const char*> rows[] = {
      {"9223372036854775808", "9223372036854775808"},
      {"-9223372036854775809 x", "-9223372036854775809"},
      {" +00123456789012345678901234567890", "123456789012345678901234567890"},
      {"18446744073709551616", "18446744073709551616"},
      {"1_000_000_000_000_000_000_000", "1000000000000000000000"},
  };
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    CHECK_FALSE(leading_integer(text).has_value());
    CHECK(big_integer(text) == BigInteger{expected});
  }
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
      {"1_0.2_5e0_1x", 102.5},
      {"1_0__0", 10.0},
      {"1.5e+2", 150.0},
      {"1.5e+", 1.5},
      {"e5", 0.0},
      {".e5", 0.0},
      {"00.000e", 0.0},
      {"1e999", std::numeric_limits<double>::infinity()},
      {"-1e999", -std::numeric_limits<double>::infinity()},
  };
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    CHECK(leading_float(text) == expected);
  }
}

TEST_CASE("floats of up to twenty digits, the point anywhere, are the nearest doubles") {
  std::mt19937_64 random(20261122);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t size = 1 + random() % 20; text.size() < size;) {
      text.push_back(static_cast<char>('0' + random() % 10));
    }
    if (random() % 4 != 0) text.insert(random() % text.size(), ".");
    CAPTURE(text);
    CHECK(leading_float(text) == std::strtod(text.c_str(), nullptr));
  }
}

}  // namespace
}  // namespace tocsin::rules::grok
