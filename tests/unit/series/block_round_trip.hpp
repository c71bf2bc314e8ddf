// What the tests of the two halves of the block codec share.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <span>

#include "src/series/block_codec.hpp"

namespace tocsin::series {

[[nodiscard]] inline bool same_bits(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::bit_cast<std::uint64_t>(a[i]) != std::bit_cast<std::uint64_t>(b[i])) return false;
  }
  return true;
}

[[nodiscard]] inline SlotSet random_slots(std::size_t count, std::mt19937_64& random) {
  SlotSet slots;
  while (slots.count() < count) slots.add(random() % kBlockSlots);
  return slots;
}

// Checks bits, slots, sizes and aggregate; returns the codec chosen.
inline Codec check_round_trip(std::span<const double> values, const SlotSet& slots,
                              std::uint8_t& hint) {
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

}  // namespace tocsin::series
