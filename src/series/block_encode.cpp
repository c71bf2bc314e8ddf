#include <algorithm>
#include <cassert>
#include <cstring>

#include "src/series/bit_io.hpp"
#include "src/series/block_codec.hpp"
#include "src/series/block_layout.hpp"
#include "src/series/decimal.hpp"
#include "src/series/packing.hpp"
#include "src/series/xor_stream.hpp"

namespace tocsin::series {
namespace {

// Offsets up to this width have sums of squares that fit 7 bytes, and n * s2 that fits 63 bits.
constexpr unsigned kNarrowWidth = 24;
// From here on the decimal form saves little; the bit patterns may do better.
constexpr std::size_t kDecimalBitsWorthwhile = 48;

using Integers = std::array<std::int64_t, kBlockSlots>;

// integer[i] = least + (value[i] << shift), value[i] >= 0.
struct Offsets {
  Integers value;
  std::size_t count = 0;
  std::int64_t least = 0;
  std::uint64_t greatest = 0;  // of the values
  std::uint8_t shift = 0;
};

// Everything that is decided before a packed block is written.
struct Plan {
  Codec codec = Codec::kRaw;
  std::uint8_t exponent = 0;
  Packing packing;
  Integers deltas;  // of delta codecs
  std::array<std::uint8_t, kBlockSlots> exception_at;
  std::size_t exceptions = 0;
  std::size_t payload_bytes = Packing::kImpossible;
};

// False when the range is too wide to pack.
bool to_offsets(std::span<const std::int64_t> integers, Offsets& offsets) noexcept {
  std::int64_t low = integers[0];
  std::int64_t high = integers[0];
  for (const std::int64_t integer : integers) {
    low = std::min(low, integer);
    high = std::max(high, integer);
  }
  offsets.count = integers.size();
  offsets.least = low;
  const auto base = static_cast<std::uint64_t>(low);
  const std::uint64_t range = static_cast<std::uint64_t>(high) - base;
  if (std::bit_width(range) >= static_cast<int>(kMaxPackedWidth)) return false;
  std::uint64_t all = 0;
  for (const std::int64_t integer : integers) all |= static_cast<std::uint64_t>(integer) - base;
  offsets.shift = static_cast<std::uint8_t>(all == 0 ? 0 : std::countr_zero(all));
  offsets.greatest = range >> offsets.shift;
  for (std::size_t i = 0; i < integers.size(); ++i) {
    offsets.value[i] = static_cast<std::int64_t>((static_cast<std::uint64_t>(integers[i]) - base) >>
                                                 offsets.shift);
  }
  return true;
}

// Chooses between the offsets themselves and their differences.
void plan_packing(const Offsets& offsets, Codec plain, Codec delta, Plan& plan) noexcept {
  const std::span values(offsets.value.data(), offsets.count);
  const Packing direct = choose_packing(values);
  for (std::size_t i = 1; i < values.size(); ++i) plan.deltas[i - 1] = values[i] - values[i - 1];
  const Packing steps = choose_packing(std::span(plan.deltas.data(), values.size() - 1));
  const bool use_delta = steps.bytes < direct.bytes;
  plan.codec = use_delta ? delta : plain;
  plan.packing = use_delta ? steps : direct;
  plan.payload_bytes = plan.packing.bytes;
}

bool plan_decimal(std::span<const double> values, std::uint8_t& exponent_hint, Offsets& offsets,
                  Plan& plan) noexcept {
  const auto most_failures = static_cast<unsigned>(values.size() / 16);
  const int exponent = find_exponent(values, exponent_hint, most_failures);
  if (exponent < 0) return false;
  exponent_hint = static_cast<std::uint8_t>(exponent);
  Integers integers;
  std::array<bool, kBlockSlots> failed;
  to_integers(values, exponent_hint, integers, failed);
  // An exception stands in the packed part as its neighbour, where it costs nothing.
  const auto good = static_cast<std::size_t>(
      std::find(failed.begin(), failed.begin() + static_cast<std::ptrdiff_t>(values.size()),
                false) -
      failed.begin());
  std::int64_t neighbour = integers[good];
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (failed[i]) {
      plan.exception_at[plan.exceptions++] = static_cast<std::uint8_t>(i);
      integers[i] = neighbour;
    }
    neighbour = integers[i];
  }
  if (!to_offsets(std::span(integers.data(), values.size()), offsets)) return false;
  plan.exponent = exponent_hint;
  plan_packing(offsets, Codec::kDecimal, Codec::kDecimalDelta, plan);
  plan.payload_bytes += plan.exceptions * kExceptionBytes;
  return true;
}

void plan_bits(std::span<const double> values, Offsets& offsets, Plan& plan) noexcept {
  Integers integers;
  std::transform(values.begin(), values.end(), integers.begin(), ordered_bits);
  if (!to_offsets(std::span(integers.data(), values.size()), offsets)) return;
  plan_packing(offsets, Codec::kBits, Codec::kBitsDelta, plan);
}

std::byte* write_wide_aggregate(const Aggregate& all, std::byte* to) noexcept {
  for (const double field : {all.min, all.max, all.sum, all.m2}) {
    std::memcpy(to, &field, sizeof field);
    to += sizeof field;
  }
  return to;
}

// Exact sums of the offsets; block_aggregate turns them into doubles.
std::byte* write_narrow_aggregate(const Offsets& offsets, std::byte* to) noexcept {
  std::uint64_t s1 = 0;
  std::uint64_t s2 = 0;
  for (std::size_t i = 0; i < offsets.count; ++i) {
    const auto offset = static_cast<std::uint64_t>(offsets.value[i]);
    s1 += offset;
    s2 += offset * offset;
  }
  const unsigned w0 = byte_width(offsets.greatest);
  const unsigned w1 = byte_width(s1);
  const unsigned w2 = byte_width(s2);
  *to++ = byte_of(w0 | w1 << 2 | w2 << 5);
  to = store_bytes(to, offsets.greatest, w0);
  to = store_bytes(to, s1, w1);
  return store_bytes(to, s2, w2);
}

std::byte* write_packed(std::span<const double> values, const Offsets& offsets, const Plan& plan,
                        std::byte& flags, std::byte* to) noexcept {
  const Packing& packing = plan.packing;
  const std::uint64_t least = zigzag(offsets.least);
  const bool delta = is_delta(plan.codec);
  const auto second = static_cast<std::uint64_t>(delta ? offsets.value[0] : packing.base);
  const std::uint64_t third = delta ? zigzag(packing.base) : 0;

  *to++ = byte_of(plan.exponent | byte_width(least) << 4);
  *to++ = byte_of(packing.width);
  *to++ = byte_of(byte_width(second) | byte_width(third) << 4);
  if (offsets.shift > 0) {
    flags |= byte_of(kShifted);
    *to++ = byte_of(offsets.shift);
  }
  if (packing.outliers > 0) {
    flags |= byte_of(kHasOutliers);
    *to++ = byte_of(packing.outliers);
    *to++ = byte_of(packing.high_width);
  }
  if (plan.exceptions > 0) {
    flags |= byte_of(kHasExceptions);
    *to++ = byte_of(plan.exceptions);
  }
  to = store_bytes(to, least, byte_width(least));
  to = store_bytes(to, second, byte_width(second));
  to = store_bytes(to, third, byte_width(third));

  const bool narrow = is_decimal(plan.codec) && plan.exceptions == 0 &&
                      std::bit_width(offsets.greatest) <= static_cast<int>(kNarrowWidth);
  if (narrow) {
    to = write_narrow_aggregate(offsets, to);
  } else {
    flags |= byte_of(kWideAggregate);
    to = write_wide_aggregate(aggregate_of(values), to);
  }
  to = delta ? pack(std::span(plan.deltas.data(), offsets.count - 1), packing, to)
             : pack(std::span(offsets.value.data(), offsets.count), packing, to);
  for (std::size_t i = 0; i < plan.exceptions; ++i) {
    const std::size_t at = plan.exception_at[i];
    *to++ = byte_of(at);
    std::memcpy(to, &values[at], sizeof(double));
    to += sizeof(double);
  }
  return to;
}

std::byte* write_constant(double value, std::byte& flags, std::byte* to) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const bool is_short = (bits & 0xffff) == 0;
  if (is_short) flags |= byte_of(kShortConstant);
  return is_short ? store_bytes(to, bits >> 16, 6) : store_bytes(to, bits, 8);
}

}  // namespace

std::size_t encode_block(std::span<const double> values, const SlotSet& slots,
                         std::uint8_t& exponent_hint, EncodedBlock& out) noexcept {
  assert(!values.empty() && values.size() == slots.count());
  std::byte flags{0};
  std::byte* to = out.data() + 2;
  if (values.size() < kBlockSlots) {
    flags |= byte_of(kHasGaps);
    to = store_bytes(to, slots.words[0], 8);
    to = store_bytes(to, slots.words[1], kSlotSetBytes - 8);
  }

  Codec codec = Codec::kConstant;
  const auto bits = [](double value) { return std::bit_cast<std::uint64_t>(value); };
  const bool constant = std::all_of(values.begin(), values.end(),
                                    [&](double value) { return bits(value) == bits(values[0]); });
  if (constant) {
    to = write_constant(values[0], flags, to);
  } else {
    Offsets offsets;
    Plan plan;
    const bool decimal = plan_decimal(values, exponent_hint, offsets, plan);
    if (!decimal || plan.payload_bytes * 8 > kDecimalBitsWorthwhile * values.size()) {
      Offsets bit_offsets;
      Plan bit_plan;
      plan_bits(values, bit_offsets, bit_plan);
      if (!decimal || bit_plan.payload_bytes < plan.payload_bytes) {
        offsets = bit_offsets;
        plan = bit_plan;
      }
      const std::size_t raw_bytes = values.size() * sizeof(double);
      const std::size_t limit = std::min(plan.payload_bytes, raw_bytes);
      if (xor_bytes(values, limit) < limit) {
        plan.codec = Codec::kXor;
      } else if (plan.payload_bytes >= raw_bytes) {
        plan.codec = Codec::kRaw;
      }
    }
    codec = plan.codec;
    if (is_packed(codec)) {
      to = write_packed(values, offsets, plan, flags, to);
    } else {
      flags |= byte_of(kWideAggregate);
      to = write_wide_aggregate(aggregate_of(values), to);
      if (codec == Codec::kXor) {
        to = xor_write(values, to);
      } else {
        std::memcpy(to, values.data(), values.size_bytes());
        to += values.size_bytes();
      }
    }
  }

  const auto used = static_cast<std::size_t>(to - out.data());
  assert(used <= kMaxEncodedBytes);
  out[0] = flags | byte_of(static_cast<std::size_t>(codec));
  out[1] = byte_of((used + 7) / 8);
  return used;
}

}  // namespace tocsin::series
