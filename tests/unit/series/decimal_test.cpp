#include "src/series/decimal.hpp"

#include <doctest/doctest.h>

#include <array>
#include <charconv>
#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace tocsin::series {
namespace {

double parse(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

TEST_CASE("the smallest exponent is found from any hint") {
  const std::vector<double> values = {12.5, 3, -0.25, 100};
  for (unsigned hint = 0; hint <= 6; ++hint) CHECK(find_exponent(values, hint, 0) == 2);
  const std::vector<double> whole = {4, -9, 1e9};
  for (unsigned hint = 0; hint <= 6; ++hint) CHECK(find_exponent(whole, hint, 0) == 0);
}

TEST_CASE("every short decimal text is found exactly") {
  std::mt19937_64 random(5);
  std::size_t missed = 0;
  for (int i = 0; i < 50'000; ++i) {
    const unsigned decimals = static_cast<unsigned>(random() % 7);
    std::string text = std::to_string(random() % 100'000'000);
    if (decimals > 0) {
      std::string fraction = std::to_string(random() % 1'000'000);
      fraction.insert(0, 6 - fraction.size(), '0');
      text += "." + fraction.substr(0, decimals);
    }
    const std::array<double, 1> value = {parse(text)};
    const int exponent = find_exponent(value, 0, 0);
    if (exponent < 0 || exponent > static_cast<int>(decimals)) {
      ++missed;
      continue;
    }
    std::array<std::int64_t, 1> integer;
    std::array<bool, 1> failed;
    std::array<double, 1> back;
    to_integers(value, static_cast<unsigned>(exponent), integer, failed);
    to_doubles(integer, static_cast<unsigned>(exponent), back);
    missed += !failed[0] && back == value ? 0 : 1;
  }
  CHECK(missed == 0);
}

TEST_CASE("values that are no short decimals are refused") {
  for (const double value : {-0.0, 1.0 / 3, 1e300, 5e-324, 2251799813685248.0, 3.5e15 + 0.5}) {
    CHECK(find_exponent(std::vector<double>{value}, 0, 0) == -1);
  }
}

TEST_CASE("a few misfits are allowed and marked") {
  const std::vector<double> values = {1.5, 1.0 / 3, 2.5, -0.0};
  CHECK(find_exponent(values, 0, 1) == -1);
  CHECK(find_exponent(values, 0, 2) == 1);
  std::array<std::int64_t, 4> integers;
  std::array<bool, 4> failed;
  to_integers(values, 1, integers, failed);
  CHECK(failed == std::array<bool, 4>{false, true, false, true});
  CHECK(integers[0] == 15);
  CHECK(integers[2] == 25);
}

}  // namespace
}  // namespace tocsin::series
