#include "src/series/block_codec.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <random>
#include <vector>

#include "tests/unit/series/block_round_trip.hpp"
#include "tests/unit/series/series_families.hpp"

namespace tocsin::series {
namespace {

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
