// Blocks written by hand, byte for byte after docs/formats/history.md: block_decode.cpp, declared
// in block_codec.hpp, reads the documented format and not merely what our own encoder writes.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "src/series/block_codec.hpp"

namespace tocsin::series {
namespace {

// Bytes of a block. What lies behind them is not zero, so that taking it for data would show.
class Block {
 public:
  Block() { bytes_.fill(std::byte{0xee}); }
  Block& add(std::initializer_list<unsigned> bytes) {
    for (const unsigned byte : bytes) bytes_[used_++] = static_cast<std::byte>(byte);
    return *this;
  }
  Block& add(double number) {
    const auto bits = std::bit_cast<std::uint64_t>(number);
    for (unsigned shift = 0; shift < 64; shift += 8) {
      bytes_[used_++] = static_cast<std::byte>(bits >> shift & 0xff);
    }
    return *this;
  }
  // The fifteen bytes that say which slots have a point.
  Block& slots(std::initializer_list<std::size_t> places) {
    std::array<unsigned, 15> bytes{};
    for (const std::size_t place : places) bytes[place / 8] |= 1u << (place % 8);
    for (const unsigned byte : bytes) add({byte});
    return *this;
  }
  [[nodiscard]] const std::byte* data() const { return bytes_.data(); }

 private:
  std::array<std::byte, 256> bytes_;
  std::size_t used_ = 0;
};

std::vector<double> decoded(const Block& block) {
  std::array<double, kBlockSlots> values{};
  const std::size_t count = decode_block(block.data(), values);
  return {values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count)};
}

TEST_CASE("a constant block gives its value at every slot") {
  const Block full = Block().add({0x20, 1, 0, 0, 0, 0, 0x04, 0x40});
  CHECK(block_codec(full.data()) == Codec::kConstant);
  CHECK(block_bytes(full.data()) == 8);
  CHECK(block_slots(full.data()) == SlotSet::all());
  CHECK(decoded(full) == std::vector<double>(kBlockSlots, 2.5));
  const Aggregate all = block_aggregate(full.data());
  CHECK(all.count == kBlockSlots);
  CHECK(all.min == 2.5);
  CHECK(all.max == 2.5);
  CHECK(all.sum == 300);
  CHECK(all.m2 == 0);

  const Block gaps = Block().add({0x08, 4}).slots({0, 63, 64, 119}).add(1.0 / 3);
  CHECK(block_slots(gaps.data()).count() == 4);
  for (const std::size_t place : {0u, 63u, 64u, 119u})
    CHECK(block_slots(gaps.data()).contains(place));
  CHECK(decoded(gaps) == std::vector<double>(4, 1.0 / 3));
}

TEST_CASE("decimals: least + offset, divided by a power of ten") {
  // 10.0, 10.5, 10.9: least 100 (zigzag 200), exponent 1, offsets 0, 5, 9 in 4 bits from base 0.
  const Block block = Block()
                          .add({0x08 | 1, 4})
                          .slots({2, 70, 71})
                          .add({1 | 1 << 4, 4, 0})  // exponent, widths; width; no second, third
                          .add({200})               // least
                          .add({1 | 1 << 2 | 1 << 5, 9, 14, 106})  // greatest, sum, sum of squares
                          .add({0x50, 0x09});
  CHECK(block_codec(block.data()) == Codec::kDecimal);
  CHECK(decoded(block) == std::vector<double>{10.0, 10.5, 10.9});
  CHECK(block_head_bytes(block.data()) == 2 + 15 + 3 + 1 + 4);
  const Aggregate all = block_aggregate(block.data());
  CHECK(all.count == 3);
  CHECK(all.min == 10.0);
  CHECK(all.max == 10.9);
  CHECK(all.sum == 31.4);
  CHECK(all.m2 == doctest::Approx((3.0 * 106 - 14 * 14) / 3 / 100).epsilon(1e-15));
}

TEST_CASE(
    "differences: each value is the one before and a step, in units of a shared power of two") {
  // 8192, 12288, 20480 = 8192 + (0, 1, 3) * 4096; the steps 1 and 2 in 1 bit from base 1.
  const Block block =
      Block()
          .add({0x20 | 0x08 | 2, 4})
          .slots({0, 1, 2})
          .add({0 | 2 << 4, 1, 0 | 1 << 4})  // exponent 0; width 1; third has a byte
          .add({12})                         // shift
          .add({0x00, 0x40})                 // least: zigzag(8192) = 16384
          .add({2})                          // third: zigzag(1)
          .add({1 | 1 << 2 | 1 << 5, 3, 4, 10})
          .add({0b10});
  CHECK(decoded(block) == std::vector<double>{8192, 12288, 20480});
  const Aggregate all = block_aggregate(block.data());
  CHECK(all.min == 8192);
  CHECK(all.max == 20480);
  CHECK(all.sum == 40960);
  CHECK(all.m2 == (3.0 * 10 - 4 * 4) / 3 * 4096 * 4096);
}

TEST_CASE("an outlier is patched by its high part, an exception replaced by its double") {
  // Integers 3, -61, 2, 0 (an exception: 0.1 stands there as 0): least -61 (zigzag 121), so the
  // offsets are 64, 0, 63, 61; from base 61 in 2 bits: 3, low 3 and high -16, 2, 0.
  const Block block = Block()
                          .add({0x80 | 0x40 | 0x10 | 0x08 | 1, 9})
                          .slots({0, 1, 2, 3})
                          .add({0 | 1 << 4, 2, 1})  // least and second: a byte each
                          .add({1, 5})              // one outlier, five bits
                          .add({1})                 // one exception
                          .add({121, 61})
                          .add(-61.0)
                          .add(3.0)
                          .add(-55.9)
                          .add(2999.0)  // min, max, sum, m2 as stored
                          .add({0b00'10'11'11})
                          .add({1})        // the outlier's place
                          .add({0b10000})  // -16 in five bits
                          .add({3})
                          .add(0.1);
  CHECK(decoded(block) == std::vector<double>{3, -61, 2, 0.1});
  const Aggregate all = block_aggregate(block.data());
  CHECK(all.count == 4);
  CHECK(all.min == -61);
  CHECK(all.max == 3);
  CHECK(all.sum == -55.9);
  CHECK(all.m2 == 2999);  // read, not computed
}

TEST_CASE("bit patterns are integers in the order of the numbers") {
  // -0.0 and 0.0 are the neighbours -1 and 0: least -1 (zigzag 1), offsets 0 and 1.
  const Block block = Block()
                          .add({0x10 | 0x08 | 3, 7})
                          .slots({5, 6})
                          .add({0 | 1 << 4, 1, 0})
                          .add({1})
                          .add(-0.0)
                          .add(0.0)
                          .add(0.0)
                          .add(0.0)
                          .add({0b10});
  const auto values = decoded(block);
  REQUIRE(values.size() == 2);
  CHECK(std::signbit(values[0]));
  CHECK_FALSE(std::signbit(values[1]));
}

TEST_CASE("XOR and raw blocks hold a wide aggregate and then their doubles") {
  const Block same = Block()
                         .add({0x10 | 0x08 | 5, 8})
                         .slots({0, 9, 10})
                         .add(1.5)
                         .add(1.5)
                         .add(4.5)
                         .add(0.0)
                         .add(1.5)
                         .add({0b00});
  CHECK(decoded(same) == std::vector<double>(3, 1.5));
  CHECK(block_head_bytes(same.data()) == 2 + 15 + 32);
  CHECK(block_aggregate(same.data()).sum == 4.5);
  const Block raw = Block()
                        .add({0x10 | 0x08 | 6, 9})
                        .slots({0, 119})
                        .add(-1e300)
                        .add(1e-300)
                        .add(-1e300)
                        .add(0.5)
                        .add(1e-300)
                        .add(-1e300);
  CHECK(decoded(raw) == std::vector<double>{1e-300, -1e300});
  CHECK(block_aggregate(raw.data()).min == -1e300);
  CHECK(block_aggregate(raw.data()).m2 == 0.5);
}

}  // namespace
}  // namespace tocsin::series
