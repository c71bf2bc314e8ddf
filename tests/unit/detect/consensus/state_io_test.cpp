#include "src/detect/consensus/state_io.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>

namespace tocsin::detect::consensus {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

std::string written(float number, std::uint16_t count) {
  std::string out;
  StateWriter writer(out, 3);
  writer.number(number);
  writer.count(count, 1000);
  writer.finish();
  return out;
}

bool reads(const std::string& state, std::uint8_t version = 3) {
  StateReader reader(state, version);
  float number = 0;
  std::uint16_t count = 0;
  reader.number(number);
  reader.count(count, 1000);
  return reader.finished();
}

TEST_CASE("what was written is read") {
  std::string out = "before";
  StateWriter writer(out, 1);
  writer.number(1.5F);
  writer.number(-2.5e300);
  writer.numbers_or_missing(std::array<float, 2>{kNaN, 4});
  writer.count(std::uint16_t{300}, 300);
  writer.flag(true);
  writer.finish();

  StateReader reader(std::string_view(out).substr(6), 1);
  float a = 0;
  double b = 0;
  std::array<float, 2> c{};
  std::uint16_t d = 0;
  bool e = false;
  reader.number(a);
  reader.number(b);
  reader.numbers_or_missing(c);
  reader.count(d, 300);
  reader.flag(e);
  CHECK(reader.finished());
  CHECK(a == 1.5F);
  CHECK(b == -2.5e300);
  CHECK(c[0] != c[0]);
  CHECK(c[1] == 4);
  CHECK(d == 300);
  CHECK(e);
}

TEST_CASE("another version, a bound exceeded, no number and text left over are refused") {
  CHECK(reads(written(1, 1000)));
  CHECK_FALSE(reads(written(1, 1000), 4));
  CHECK_FALSE(reads(written(1, 1001)));
  CHECK_FALSE(reads(written(kNaN, 5)));
  CHECK_FALSE(reads(written(std::numeric_limits<float>::infinity(), 5)));
  std::string longer;
  StateWriter writer(longer, 3);
  writer.number(1.0F);
  writer.count(std::uint16_t{1}, 1000);
  writer.flag(false);
  writer.finish();
  CHECK_FALSE(reads(longer));
}

TEST_CASE("each changed byte and each shorter text is refused") {
  const std::string good = written(1.25F, 77);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    REQUIRE_FALSE(reads(changed));
    REQUIRE_FALSE(reads(good.substr(0, i)));
  }
}

}  // namespace
}  // namespace tocsin::detect::consensus
