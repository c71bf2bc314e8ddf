#include "ingest/statsd/number.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace tocsin::statsd {
namespace {

std::uint64_t bits(double value) {
  return std::bit_cast<std::uint64_t>(value);
}

// What strtod makes of text that keeps to the decimal alphabet; NaN when it does not take it all.
double by_strtod(const std::string& text) {
  if (text.empty() || text.find_first_not_of("0123456789+-.eE") != std::string::npos) return NAN;
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  return end == text.c_str() + text.size() ? value : NAN;
}

void check_against_strtod(const std::string& text) {
  const double expected = by_strtod(text);
  const std::optional<double> value = parse_unbounded_decimal(text);
  if (value.has_value() == std::isnan(expected) || (value && bits(*value) != bits(expected))) {
    FAIL("differs from strtod: " << text);
  }
  if (parse_decimal(text).has_value() != std::isfinite(expected)) {
    FAIL("finite and infinite confused: " << text);
  }
}

class Texts {
 public:
  std::string digits(std::size_t most) {
    std::string text;
    for (std::size_t n = below(most + 1); n > 0; --n) text += static_cast<char>('0' + below(10));
    return text;
  }
  // Mostly well formed, of all lengths and sizes.
  std::string number() {
    std::string text = below(3) == 0 ? "-" : below(8) == 0 ? "+" : "";
    text += digits(below(4) == 0 ? 40 : 12);
    if (below(2) == 0) text += "." + digits(below(4) == 0 ? 40 : 6);
    if (below(3) == 0) text += std::string("e") + (below(2) == 0 ? "-" : "") + digits(3);
    return text;
  }
  // Any text over the alphabet of numbers.
  std::string soup() {
    constexpr std::string_view kAlphabet = "0123456789.+-eE x";
    std::string text;
    for (std::size_t n = below(12); n > 0; --n) text += kAlphabet[below(kAlphabet.size())];
    return text;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }
  std::mt19937_64 random_{20240917};
};

TEST_CASE("a million random texts are read exactly as strtod reads them") {
  Texts texts;
  for (int i = 0; i < 700'000; ++i) check_against_strtod(texts.number());
  for (int i = 0; i < 300'000; ++i) check_against_strtod(texts.soup());
}

TEST_CASE("numbers at the borders of the fast path and of a double are exact") {
  for (const char* text : {"0",
                           "-0",
                           "+0",
                           "007",
                           "1.",
                           ".5",
                           "-.5",
                           "999999999999999",
                           "1000000000000000",
                           "0.000000000000001",
                           "0.0000000000000001",
                           "123456789.123456",
                           "1234567890.123456",
                           "9007199254740993",
                           "1.7976931348623157e308",
                           "4.9e-324",
                           "2e-324",
                           "1e-400",
                           "-1e-400",
                           "0e999999999999",
                           "1e309",
                           "-1e309",
                           "1e999999999999",
                           "1e-999999999999",
                           "0.00000000000000000000000000000000000000001e40",
                           "2.2250738585072011e-308"}) {
    CAPTURE(text);
    check_against_strtod(text);
  }
  const std::string large(400, '9');
  check_against_strtod(large);
  check_against_strtod(large + "e-400");
  check_against_strtod("0." + std::string(400, '0') + "1");
}

TEST_CASE("what is not a decimal number is refused") {
  for (const char* text : {"", "-", "+", ".", "e5", "1e", "1e+", "1.2.3", "--1", "1 ", " 1", "0x10",
                           "nan", "inf", "Infinity", "1_000", "1,5", "1d", "\xEF\xBC\x91"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_decimal(text).has_value());
    CHECK_FALSE(parse_unbounded_decimal(text).has_value());
  }
}

TEST_CASE("digits are read up to their limit and nothing else is") {
  CHECK(parse_digits("0", 10) == 0);
  CHECK(parse_digits("10", 10) == 10);
  CHECK_FALSE(parse_digits("11", 10).has_value());
  CHECK_FALSE(parse_digits("", 10).has_value());
  CHECK_FALSE(parse_digits("-1", 10).has_value());
  CHECK_FALSE(parse_digits("1.0", 10).has_value());
  CHECK_FALSE(parse_digits("99999999999999999999", INT64_MAX).has_value());
}

TEST_CASE("one to eight digits are read at once; anything else is left alone") {
  std::mt19937 random(3);
  for (int round = 0; round < 50'000; ++round) {
    const std::size_t count = random() % 10;
    const std::size_t before = random() % 12;
    // Exactly as large as what may be read.
    std::vector<char> text(before + count);
    for (char& c : text) c = static_cast<char>(random() % 256);
    for (std::size_t i = before; i < text.size(); ++i) {
      text[i] = static_cast<char>('0' + random() % 10);
    }
    const bool spoilt = count > 0 && random() % 4 == 0;
    if (spoilt) {
      char& c = text[before + random() % count];
      do c = static_cast<char>(random() % 256);
      while (c >= '0' && c <= '9');
    }
    double value = -1;
    const char* const begin = text.data() + before;
    const char* const end = text.data() + text.size();
    const bool wanted = !spoilt && count >= 1 && count <= 8 && before + count >= 8;
    REQUIRE(read_few_digits(text.data(), begin, end, value) == wanted);
    if (wanted) REQUIRE(value == std::stod(std::string(begin, end)));
  }
}

}  // namespace
}  // namespace tocsin::statsd
