#include "ingest/riemann/varint.hpp"

#include <doctest/doctest.h>

#include <cstdint>

namespace tocsin::riemann {
namespace {

TEST_CASE("a number is known by its first byte that says no more") {
  CHECK(varint_size(0x00) == 1);
  CHECK(varint_size(0x7F) == 1);
  CHECK(varint_size(0x0196) == 2);
  CHECK(varint_size(0x7F80'8080'8080'8080) == 8);
  CHECK(varint_size(0x8080'8080'8080'8080) == 0);
}

TEST_CASE("each byte gives seven bits, and what follows the number none") {
  CHECK(varint_value(0xFFFF'FFFF'FFFF'FF00, 1) == 0);
  CHECK(varint_value(0xFFFF'FFFF'FFFF'0196, 2) == 150);  // the example of protobuf.dev
  CHECK(varint_value(0x0181, 2) == 129);
  CHECK(varint_value(0xFF00'8081, 3) == 1);  // longer than needed
  CHECK(varint_value(0x7FFF'FFFF'FFFF'FFFF, 8) == (std::uint64_t{1} << 56) - 1);
  for (unsigned bit = 0; bit < 56; ++bit) {
    const std::uint64_t word = 0x0080'8080'8080'8080 | std::uint64_t{1} << (bit / 7 * 8 + bit % 7);
    CHECK(varint_value(word, 8) == std::uint64_t{1} << bit);
  }
}

}  // namespace
}  // namespace tocsin::riemann
