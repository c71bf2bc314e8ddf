#include "src/base/byte_order.hpp"

#include <doctest/doctest.h>

#include <cstdint>

namespace tocsin::base {
namespace {

TEST_CASE("little-endian integers are read at any alignment") {
  const char bytes[] = "\x00\x01\x02\x83\xff\xff\xff\xff\xff";
  CHECK(load_little_endian<std::uint8_t>(bytes + 3) == 0x83);
  CHECK(load_little_endian<std::uint16_t>(bytes + 2) == 0x8302);
  CHECK(load_little_endian<std::uint32_t>(bytes + 1) == 0xff830201u);
  CHECK(load_little_endian<std::uint64_t>(bytes + 1) == 0xffffffffff830201u);
}

TEST_CASE("big-endian integers are read at any alignment") {
  const char bytes[] = "\x00\x01\x02\x83\xff\xff\xff\xff\xfe";
  CHECK(load_big_endian<std::uint8_t>(bytes + 3) == 0x83);
  CHECK(load_big_endian<std::uint16_t>(bytes + 2) == 0x0283);
  CHECK(load_big_endian<std::uint32_t>(bytes + 1) == 0x010283ffu);
  CHECK(load_big_endian<std::uint64_t>(bytes + 1) == 0x010283fffffffffeu);
}

}  // namespace
}  // namespace tocsin::base
