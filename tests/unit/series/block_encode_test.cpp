// The choice of a form, and what is written: block_encode.cpp, declared in block_codec.hpp. That
// all forms read back is for block_codec_test.cpp.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "src/series/block_codec.hpp"
#include "tests/unit/series/block_round_trip.hpp"
#include "tests/unit/series/series_families.hpp"

namespace tocsin::series {
namespace {

using Bytes = std::vector<unsigned>;

Bytes encoded(std::span<const double> values, const SlotSet& slots) {
  EncodedBlock block;
  std::uint8_t hint = 0;
  const std::size_t used = encode_block(values, slots, hint, block);
  Bytes bytes;
  for (std::size_t i = 0; i < used; ++i) bytes.push_back(std::to_integer<unsigned>(block[i]));
  return bytes;
}

SlotSet slots_of(std::initializer_list<std::size_t> places) {
  SlotSet slots;
  for (const std::size_t place : places) slots.add(place);
  return slots;
}

TEST_CASE("each kind of data gets the codec made for it") {
  std::uint8_t hint = 0;
  const auto codec_of = [&](Family family) {
    return check_round_trip(make_family(family, kBlockSlots, 1), SlotSet::all(), hint);
  };
  CHECK(codec_of(Family::kConstant) == Codec::kConstant);
  CHECK(codec_of(Family::kCountRate10) == Codec::kDecimal);
  CHECK(codec_of(Family::kMonotone) == Codec::kDecimalDelta);
  CHECK(codec_of(Family::kStandingFullPrecision) == Codec::kBitsDelta);
  CHECK(codec_of(Family::kHuge) == Codec::kRaw);
  std::mt19937_64 random(9);
  std::vector<double> one_binade(kBlockSlots);
  for (double& value : one_binade) value = std::uniform_real_distribution<double>(64, 128)(random);
  CHECK(check_round_trip(one_binade, SlotSet::all(), hint) == Codec::kBits);
  std::vector<double> rescaled;
  for (int i = 0; i < 120; ++i) {
    rescaled.push_back(std::ldexp(random() % 2 == 0 ? 1 : -1, static_cast<int>(random() % 9)) /
                       (3 + i / 40));
  }
  CHECK(check_round_trip(rescaled, SlotSet::all(), hint) == Codec::kXor);
  std::vector<double> smooth;
  for (int i = 0; i < 120; ++i) smooth.push_back(100 * std::exp(i * 1e-3) / 3);
  CHECK(check_round_trip(smooth, SlotSet::all(), hint) == Codec::kBitsDelta);
}

TEST_CASE("a few full-precision values among decimals do not cost the block its codec") {
  std::vector<double> values = make_family(Family::kCountRate100, kBlockSlots, 1);
  values[0] = 1.0 / 3;
  values[60] = -0.0;
  values[119] = 1e300;
  std::uint8_t hint = 0;
  CHECK(check_round_trip(values, SlotSet::all(), hint) == Codec::kDecimal);
}

TEST_CASE("the exponent follows the data from block to block") {
  std::uint8_t hint = 0;
  check_round_trip(make_family(Family::kGaugeTwoDecimals, kBlockSlots, 1), SlotSet::all(), hint);
  CHECK(hint == 2);
  check_round_trip(make_family(Family::kCountRate10, kBlockSlots, 1), SlotSet::all(), hint);
  CHECK(hint == 0);
}

TEST_CASE("an integer block's sums are exact where a sum of squares would have no digit left") {
  std::vector<double> values;
  for (int i = 0; i < 120; ++i) values.push_back(1e15 + i % 2);
  std::uint8_t hint = 0;
  EncodedBlock block;
  static_cast<void>(encode_block(values, SlotSet::all(), hint, block));
  CHECK(block_aggregate(block.data()).m2 == 30);
  CHECK(block_aggregate(block.data()).sum == 120e15 + 60);
}

TEST_CASE("a constant block is six bytes behind its head, or eight when the low bits are in use") {
  const std::vector<double> halves(kBlockSlots, 2.5);
  CHECK(encoded(halves, SlotSet::all()) == Bytes{0x20, 1, 0, 0, 0, 0, 0x04, 0x40});
  const std::vector<double> thirds(kBlockSlots, 1.0 / 3);
  CHECK(encoded(thirds, SlotSet::all()) ==
        Bytes{0x00, 2, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xd5, 0x3f});
}

TEST_CASE("a block with gaps says in fifteen bytes which slots have a point") {
  const std::vector<double> two(2, 2.5);
  CHECK(encoded(two, slots_of({1, 119})) ==
        Bytes{0x28, 3, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0x04, 0x40});
}

TEST_CASE("the two zeros are two values, and a single point is a constant") {
  const std::vector<double> zeros = {0.0, -0.0};
  std::uint8_t hint = 0;
  CHECK(check_round_trip(zeros, slots_of({3, 4}), hint) != Codec::kConstant);
  const std::vector<double> one = {1e300};
  CHECK(check_round_trip(one, slots_of({64}), hint) == Codec::kConstant);
}

TEST_CASE("zero bits that all values share are not stored") {
  std::vector<double> pages;
  std::vector<double> numbers;
  for (int i = 0; i < 120; ++i) {
    numbers.push_back(i * 7 % 64);
    pages.push_back(4096.0 * (i * 7 % 64));
  }
  CHECK(encoded(pages, SlotSet::all()).size() == encoded(numbers, SlotSet::all()).size() + 1);
}

TEST_CASE("no block is larger than its doubles with head and aggregate") {
  std::mt19937_64 random(31);
  std::vector<double> noise(kBlockSlots);
  for (double& value : noise)
    value = std::ldexp(1 + 1e-15 * double(random() % 1000), int(random() % 2000) - 1000);
  const Bytes bytes = encoded(noise, SlotSet::all());
  CHECK(bytes.size() == 2 + 4 * 8 + kBlockSlots * 8);
  CHECK((bytes[0] & 7u) == static_cast<unsigned>(Codec::kRaw));
}

}  // namespace
}  // namespace tocsin::series
