#include "src/detect/deep/state_bytes.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <string>

namespace tocsin::detect {
namespace {

TEST_CASE("what was written is read back") {
  std::string state;
  StateWriter out(state);
  out.integer(std::uint32_t{70'000});
  out.boolean(true);
  out.number(-1.5);
  out.number(0.25F);
  out.bytes(std::array<std::uint8_t, 3>{1, 2, 240});
  CHECK(state.size() == 4 + 1 + 8 + 4 + 3);

  StateReader in(state);
  CHECK(in.integer<std::uint32_t>(100'000) == 70'000);
  CHECK(in.boolean());
  CHECK(in.number(-2.0, 2.0) == -1.5);
  CHECK(in.number(0.0F, 1.0F) == 0.25F);
  std::array<std::uint8_t, 3> bytes{};
  in.bytes(bytes, 240);
  CHECK(bytes == std::array<std::uint8_t, 3>{1, 2, 240});
  CHECK(in.ok());
  CHECK(in.left() == 0);
}

TEST_CASE("what lies outside or is missing fails the reader for good") {
  std::string state;
  StateWriter out(state);
  out.number(3.0);
  out.number(std::numeric_limits<double>::quiet_NaN());
  out.integer(std::uint16_t{9});
  SUBCASE("a number too large") {
    StateReader in(state);
    CHECK(in.number(0.0, 2.0) == 0);
    CHECK_FALSE(in.ok());
    CHECK(in.integer<std::uint16_t>(9) == 0);
  }
  SUBCASE("a NaN") {
    StateReader in(state);
    CHECK(in.number(0.0, 5.0) == 3);
    CHECK(in.number(-1.0, 5.0) == -1);
    CHECK_FALSE(in.ok());
  }
  SUBCASE("the end") {
    StateReader in(std::string_view(state).substr(0, 7));
    CHECK(in.number(0.0, 5.0) == 0);
    CHECK_FALSE(in.ok());
  }
}

TEST_CASE("the checksum is that of FNV-1a") {
  CHECK(checksum_of("") == 0xcbf29ce484222325);
  CHECK(checksum_of("a") == 0xaf63dc4c8601ec8c);
  CHECK(checksum_of("foobar") == 0x85944171f73967e8);
}

}  // namespace
}  // namespace tocsin::detect
