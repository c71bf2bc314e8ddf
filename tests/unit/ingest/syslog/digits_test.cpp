#include "ingest/syslog/digits.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

namespace tocsin::syslog {
namespace {

constexpr Layout kClock("00:00:00");

bool fits(const std::string& text) {
  std::uint64_t digits = 0;
  return kClock.read(load_eight(text.data()), digits);
}

TEST_CASE("characters fit a layout when digits are digits and the others stand as they are") {
  const std::string good = "02:51:52";
  CHECK(fits(good));
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = good;
      text[at] = static_cast<char>(byte);
      const bool expected = good[at] == ':' ? byte == ':' : byte >= '0' && byte <= '9';
      if (fits(text) != expected) FAIL(at << " " << byte);
    }
  }
}

TEST_CASE("two characters that do not fit do not make up for one another") {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      std::string text = "02:51:52";
      text[1] = static_cast<char>(a);
      text[2] = static_cast<char>(b);
      if (fits(text) != (a >= '0' && a <= '9' && b == ':')) FAIL(a << " " << b);
    }
  }
}

TEST_CASE("pairs of digits are the numbers of a layout") {
  for (unsigned number = 0; number < 100; ++number) {
    const std::string two = {static_cast<char>('0' + number / 10),
                             static_cast<char>('0' + number % 10)};
    std::uint64_t digits = 0;
    REQUIRE(kClock.read(load_eight((two + ":99:" + two).data()), digits));
    const std::uint64_t pairs = pairs_of(digits);
    CHECK(byte_of(pairs, 0) == number);
    CHECK(byte_of(pairs, 3) == 99);
    CHECK(byte_of(pairs, 6) == number);
  }
}

TEST_CASE("digits at the front are counted, and zeros follow them") {
  const std::string eight = "20437709";
  for (std::size_t size = 0; size <= 8; ++size) {
    for (const char next : {'/', ':', 'Z', '+', ' ', '\0', '\xFF', '\xB9'}) {
      std::string text = eight.substr(0, size) + std::string(8, next);
      const FrontDigits front = front_digits(load_eight(text.data()));
      CHECK(front.size == size);
      CHECK(join_digits(front.digits) ==
            std::stoul(eight.substr(0, size) + std::string(8 - size, '0')));
      if (size < 7) {  // digits behind the first other character do not count
        text[size + 1] = '9';
        CHECK(front_digits(load_eight(text.data())).size == size);
        CHECK(join_digits(front_digits(load_eight(text.data())).digits) ==
              join_digits(front.digits));
      }
    }
  }
}

}  // namespace
}  // namespace tocsin::syslog
