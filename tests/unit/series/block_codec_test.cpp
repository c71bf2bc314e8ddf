#include "src/series/block_codec.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <random>
#include <set>
#include <vector>

#include "tests/unit/series/series_families.hpp"

namespace tocsin::series {
namespace {

bool same_bits(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::bit_cast<std::uint64_t>(a[i]) != std::bit_cast<std::uint64_t>(b[i])) return false;
  }
  return true;
}

SlotSet random_slots(std::size_t count, std::mt19937_64& random) {
  SlotSet slots;
  while (slots.count() < count) slots.add(random() % kBlockSlots);
  return slots;
}

// Checks bits, slots, sizes and aggregate; returns the codec chosen.
Codec check_round_trip(std::span<const double> values, const SlotSet& slots, std::uint8_t& hint) {
  EncodedBlock block;
  const std::size_t used = encode_block(values, slots, hint, block);
  CHECK(used <= kMaxEncodedBytes);
  CHECK(block_bytes(block.data()) == (used + 7) / 8 * 8);
  CHECK(block_slots(block.data()) == slots);
  std::array<double, kBlockSlots> back;
  const std::size_t count = decode_block(block.data(), back);
  CHECK(same_bits(values, std::span(back.data(), count)));

  const Aggregate expected = aggregate_of(values);
  const Aggregate found = block_aggregate(block.data());
  CHECK(found.count == expected.count);
  CHECK(found.min == expected.min);
  CHECK(found.max == expected.max);
  double magnitude = 0;
  for (const double value : values) magnitude += std::abs(value);
  if (std::isfinite(magnitude)) CHECK(std::abs(found.sum - expected.sum) <= 1e-14 * magnitude);
  if (std::isfinite(expected.m2)) {
    // What rounding the mean costs a two-pass sum; the integer form has no such error.
    const double mean_error = 1e-16 * magnitude;
    CHECK(std::abs(found.m2 - expected.m2) <= 1e-12 * expected.m2 + mean_error * mean_error);
  }
  return block_codec(block.data());
}

TEST_CASE("blocks of every family come back bit by bit") {
  std::mt19937_64 random(6);
  for (const FamilyName& family : kFamilies) {
    CAPTURE(family.name);
    std::uint8_t hint = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      const std::vector<double> values = make_family(family.family, kBlockSlots, seed);
      check_round_trip(values, SlotSet::all(), hint);
      const std::size_t fewer = 1 + random() % (kBlockSlots - 1);
      check_round_trip(std::span(values).first(fewer), random_slots(fewer, random), hint);
    }
  }
}

TEST_CASE("a block may mix anything") {
  std::mt19937_64 random(7);
  std::uint8_t hint = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<double> values(1 + random() % kBlockSlots);
    for (double& value : values) {
      const Family family = kFamilies[random() % std::size(kFamilies)].family;
      value = random() % 8 == 0 && &value != &values[0] ? make_family(family, 1, random())[0]
                                                        : static_cast<double>(random() % 100) / 4;
    }
    check_round_trip(
        values, values.size() == kBlockSlots ? SlotSet::all() : random_slots(values.size(), random),
        hint);
  }
}

TEST_CASE("any bit pattern of a finite double comes back") {
  std::mt19937_64 random(8);
  std::uint8_t hint = 3;
  for (int round = 0; round < 1000; ++round) {
    std::vector<double> values(kBlockSlots);
    for (double& value : values) {
      do {
        value = std::bit_cast<double>(random());
      } while (!std::isfinite(value));
    }
    EncodedBlock block;
    CHECK(encode_block(values, SlotSet::all(), hint, block) <= kMaxEncodedBytes);
    std::array<double, kBlockSlots> back;
    CHECK(decode_block(block.data(), back) == kBlockSlots);
    CHECK(same_bits(values, back));
  }
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

TEST_CASE("points before a slot are counted") {
  SlotSet slots;
  for (const std::size_t slot : {0u, 5u, 63u, 64u, 119u}) slots.add(slot);
  CHECK(slots.count_before(0) == 0);
  CHECK(slots.count_before(5) == 1);
  CHECK(slots.count_before(64) == 3);
  CHECK(slots.count_before(65) == 4);
  CHECK(slots.count_before(120) == 5);
}

}  // namespace
}  // namespace tocsin::series
