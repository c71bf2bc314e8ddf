#include "src/series/bit_io.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace tocsin::series {
namespace {

TEST_CASE("fields of every width survive the bit stream") {
  std::mt19937_64 random(3);
  std::vector<std::pair<std::uint64_t, unsigned>> fields;
  for (int i = 0; i < 2000; ++i) {
    const auto width = static_cast<unsigned>(random() % 65);
    fields.emplace_back(random() & low_mask(width), width);
  }
  std::vector<std::byte> bytes(2000 * 8 + 16);
  BitWriter writer(bytes.data());
  for (const auto& [field, width] : fields) writer.write_wide(field, width);
  BitReader reader(bytes.data());
  std::size_t wrong = 0;
  for (const auto& [field, width] : fields) wrong += reader.read_wide(width) == field ? 0 : 1;
  CHECK(wrong == 0);
  CHECK(reader.end() == writer.end());
}

TEST_CASE("zigzag is its own way back, at the ends of the range too") {
  for (const std::int64_t value : {INT64_MIN, INT64_MAX, std::int64_t{0}, std::int64_t{-1}}) {
    CHECK(unzigzag(zigzag(value)) == value);
  }
  CHECK(zigzag(-1) == 1);
  CHECK(zigzag(1) == 2);
}

TEST_CASE("the first bit is the lowest of the first byte") {
  std::array<std::byte, 16> bytes{};
  BitWriter writer(bytes.data());
  writer.write(0b1, 1);
  writer.write(0b010, 3);
  CHECK(writer.end() == bytes.data() + 1);
  writer.write(0b11010, 5);
  CHECK(writer.end() == bytes.data() + 2);
  CHECK(bytes[0] == std::byte{0b10100101});
  CHECK(bytes[1] == std::byte{0b1});
  CHECK(load_field(bytes.data(), 4, 5) == 0b11010);
}

TEST_CASE("the widest field is read back from whatever bit it starts at") {
  const std::uint64_t field = low_mask(kMaxPackedWidth) - 0x1234567;
  for (unsigned start = 0; start < 16; ++start) {
    CAPTURE(start);
    std::array<std::byte, 32> bytes{};
    BitWriter writer(bytes.data());
    writer.write(low_mask(start), start);
    writer.write(field, kMaxPackedWidth);
    writer.write(low_mask(7), 7);
    CHECK(load_field(bytes.data(), start, kMaxPackedWidth) == field);
    CHECK(load_field(bytes.data(), start + kMaxPackedWidth, 7) == low_mask(7));
  }
}

TEST_CASE("what lies behind a stream does not change what is read from it") {
  std::array<std::byte, 16> bytes;
  bytes.fill(std::byte{0xff});
  bytes[0] = std::byte{0x0a};
  BitReader reader(bytes.data());
  CHECK(reader.read(0) == 0);
  CHECK(reader.end() == bytes.data());
  CHECK(reader.read(4) == 0xa);
  CHECK(reader.read_wide(4) == 0);
  CHECK(reader.end() == bytes.data() + 1);
}

TEST_CASE("a mask has as many low bits as asked for, from none to all") {
  CHECK(low_mask(0) == 0);
  CHECK(low_mask(1) == 1);
  CHECK(low_mask(57) == 0x01ff'ffff'ffff'ffff);
  CHECK(low_mask(64) == ~std::uint64_t{0});
}

TEST_CASE("an integer takes as few whole bytes as it needs") {
  CHECK(byte_width(0) == 0);
  for (unsigned bytes = 1; bytes <= 8; ++bytes) {
    CAPTURE(bytes);
    const std::uint64_t least = std::uint64_t{1} << ((bytes - 1) * 8);
    for (const std::uint64_t value : {least, low_mask(bytes * 8)}) {
      CHECK(byte_width(value) == bytes);
      std::array<std::byte, 9> stored;
      stored.fill(std::byte{0xff});
      CHECK(store_bytes(stored.data(), value, bytes) == stored.data() + bytes);
      CHECK(stored[bytes] == std::byte{0xff});  // nothing behind it was touched
      CHECK(load_bytes(stored.data(), bytes) == value);
    }
  }
}

}  // namespace
}  // namespace tocsin::series
