#include "src/series/packing.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <vector>

#include "src/series/bit_io.hpp"

namespace tocsin::series {
namespace {

// The packed size, or 0 if the values did not come back.
std::size_t round_trip(const std::vector<std::int64_t>& values) {
  const Packing packing = choose_packing(values);
  REQUIRE(packing.bytes != Packing::kImpossible);
  std::array<std::byte, 2048> bytes{};
  const std::byte* const end = pack(values, packing, bytes.data());
  std::vector<std::int64_t> back(values.size());
  const std::byte* const read_end = unpack(bytes.data(), packing, back);
  CHECK(read_end == end);
  CHECK(static_cast<std::size_t>(end - bytes.data()) == packing.bytes);
  return back == values ? packing.bytes : 0;
}

TEST_CASE("equal values need no bits") {
  CHECK(choose_packing(std::vector<std::int64_t>(120, -7)).bytes == 0);
}

TEST_CASE("a spike and a drop are patched instead of widening the block") {
  std::vector<std::int64_t> values;
  for (int i = 0; i < 120; ++i) values.push_back(1000 + i % 16);
  const std::size_t plain = round_trip(values);
  CHECK(plain == 60);
  SUBCASE("spike") {
    values[17] = 1'000'000'000;
  }
  SUBCASE("drop to zero") {
    values[17] = 0;
  }
  SUBCASE("both") {
    values[17] = 0;
    values[118] = std::int64_t{1} << 50;
  }
  const std::size_t patched = round_trip(values);
  CHECK(patched > plain);
  CHECK(patched < plain + 20);
}

TEST_CASE("mostly equal values cost little however many differ upward") {
  std::vector<std::int64_t> values(120, 0);
  for (std::size_t i = 0; i < 120; i += 8) values[i] = 1000;
  CHECK(round_trip(values) < 40);
}

TEST_CASE("any values that can be packed come back") {
  std::mt19937_64 random(4);
  std::size_t lost = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<std::int64_t> values(1 + random() % kMaxPackedValues);
    const unsigned width = static_cast<unsigned>(random() % 56);
    const auto base = static_cast<std::int64_t>(random() % 1'000'000) - 500'000;
    const std::uint64_t odds = 1 + random() % 40;
    for (std::int64_t& value : values) {
      const unsigned own = random() % odds == 0 ? 56 : width;
      value = base + static_cast<std::int64_t>(random() & low_mask(own));
      if (random() % 100 == 0) value = -value;
    }
    const Packing packing = choose_packing(values);
    if (packing.bytes == Packing::kImpossible) continue;
    lost += round_trip(values) == 0 && packing.bytes != 0 ? 1 : 0;
  }
  CHECK(lost == 0);
}

}  // namespace
}  // namespace tocsin::series
