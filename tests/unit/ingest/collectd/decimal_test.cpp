#include "ingest/collectd/decimal.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>

namespace tocsin::collectd::testing {
namespace {

template <class Number>
std::string printed(Number number) {
  DecimalBuffer buffer;
  buffer.fill('#');
  return std::string(print(number, buffer));
}

TEST_CASE("an integer is printed with all of its digits and no others") {
  for (std::uint64_t power = 1;; power *= 10) {
    for (const std::uint64_t number : {power - 1, power, power + 1, power * 3}) {
      CHECK(printed(number) == std::to_string(number));
      const auto negative = static_cast<std::int64_t>(0 - number);
      CHECK(printed(negative) == std::to_string(negative));
    }
    if (power == 10'000'000'000'000'000'000u) break;
  }
  CHECK(printed(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  CHECK(printed(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
}

TEST_CASE("integers of every length are printed as the standard library does") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t number = random() >> i % 64;
    if (printed(number) != std::to_string(number)) CHECK(printed(number) == std::to_string(number));
  }
  for (std::uint64_t number = 0; number < 20'000; ++number) {
    if (printed(number) != std::to_string(number)) CHECK(printed(number) == std::to_string(number));
  }
}

}  // namespace
}  // namespace tocsin::collectd::testing
