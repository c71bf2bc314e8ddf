#include "src/series/block_layout.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace tocsin::series {
namespace {

TEST_CASE("ordered bits ascend as the numbers do, with -0 just below 0") {
  constexpr double kMax = std::numeric_limits<double>::max();
  constexpr double kLeast = std::numeric_limits<double>::denorm_min();
  const double ascending[] = {-kMax, -1e300, -2,     -1.5, -1,  -1e-300, -kLeast, -0.0,
                              0.0,   kLeast, 1e-300, 1,    1.5, 2,       1e300,   kMax};
  for (std::size_t i = 1; i < std::size(ascending); ++i) {
    CAPTURE(ascending[i]);
    CHECK(ordered_bits(ascending[i - 1]) < ordered_bits(ascending[i]));
  }
  CHECK(ordered_bits(0.0) == 0);
  CHECK(ordered_bits(-0.0) == -1);
  CHECK(ordered_bits(kLeast) == 1);
  CHECK(ordered_bits(std::nextafter(1.0, 2)) == ordered_bits(1.0) + 1);
  CHECK(ordered_bits(std::nextafter(-1.0, -2)) == ordered_bits(-1.0) - 1);
}

TEST_CASE("ordered bits lead back to the same bits") {
  std::mt19937_64 random(21);
  for (int round = 0; round < 10'000; ++round) {
    const std::uint64_t bits = random();
    const double back = from_ordered_bits(ordered_bits(std::bit_cast<double>(bits)));
    REQUIRE(std::bit_cast<std::uint64_t>(back) == bits);
  }
}

TEST_CASE("each codec is packed or not, of differences or not, of decimals or not") {
  struct Row {
    Codec codec;
    bool packed, delta, decimal;
  };
  const Row rows[] = {
      {Codec::kConstant, false, false, false},  {Codec::kDecimal, true, false, true},
      {Codec::kDecimalDelta, true, true, true}, {Codec::kBits, true, false, false},
      {Codec::kBitsDelta, true, true, false},   {Codec::kXor, false, false, false},
      {Codec::kRaw, false, false, false}};
  for (const Row& row : rows) {
    CAPTURE(static_cast<int>(row.codec));
    CHECK(is_packed(row.codec) == row.packed);
    CHECK(is_delta(row.codec) == row.delta);
    CHECK(is_decimal(row.codec) == row.decimal);
    CHECK((static_cast<unsigned>(row.codec) & ~kCodecMask) == 0);
  }
}

}  // namespace
}  // namespace tocsin::series
