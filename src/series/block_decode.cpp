#include <algorithm>
#include <cstring>

#include "src/series/bit_io.hpp"
#include "src/series/block_codec.hpp"
#include "src/series/block_layout.hpp"
#include "src/series/decimal.hpp"
#include "src/series/packing.hpp"
#include "src/series/xor_stream.hpp"

namespace tocsin::series {
namespace {

using Integers = std::array<std::int64_t, kBlockSlots>;

// What precedes the payload of any block, read.
struct Head {
  unsigned flags;
  Codec codec;
  SlotSet slots;
  std::size_t count;
  const std::byte* rest;
};

Head read_head(const std::byte* block) noexcept {
  const unsigned flags = number_of(block[0]);
  Head head{flags, static_cast<Codec>(flags & kCodecMask), SlotSet::all(), kBlockSlots, block + 2};
  if ((flags & kHasGaps) != 0) {
    head.slots.words = {load_word(head.rest), load_bytes(head.rest + 8, kSlotSetBytes - 8)};
    head.count = head.slots.count();
    head.rest += kSlotSetBytes;
  }
  return head;
}

double read_constant(const Head& head) noexcept {
  const bool is_short = (head.flags & kShortConstant) != 0;
  return std::bit_cast<double>(is_short ? load_bytes(head.rest, 6) << 16 : load_word(head.rest));
}

struct PackedHead {
  unsigned exponent;
  unsigned shift = 0;
  std::size_t exceptions = 0;
  std::int64_t least;
  std::int64_t first = 0;  // of delta codecs
  Packing packing;
  const std::byte* aggregate;
};

PackedHead read_packed_head(const Head& head) noexcept {
  PackedHead packed;
  const std::byte* from = head.rest;
  packed.exponent = number_of(from[0]) & 0x0f;
  const unsigned least_bytes = number_of(from[0]) >> 4;
  packed.packing.width = std::to_integer<std::uint8_t>(from[1]);
  const unsigned second_bytes = number_of(from[2]) & 0x0f;
  const unsigned third_bytes = number_of(from[2]) >> 4;
  from += 3;
  if ((head.flags & kShifted) != 0) packed.shift = number_of(*from++);
  if ((head.flags & kHasOutliers) != 0) {
    packed.packing.outliers = std::to_integer<std::uint8_t>(*from++);
    packed.packing.high_width = std::to_integer<std::uint8_t>(*from++);
  }
  if ((head.flags & kHasExceptions) != 0) packed.exceptions = number_of(*from++);
  packed.least = unzigzag(load_bytes(from, least_bytes));
  from += least_bytes;
  const auto second = static_cast<std::int64_t>(load_bytes(from, second_bytes));
  from += second_bytes;
  if (is_delta(head.codec)) {
    packed.first = second;
    packed.packing.base = unzigzag(load_bytes(from, third_bytes));
  } else {
    packed.packing.base = second;
  }
  packed.aggregate = from + third_bytes;
  return packed;
}

const std::byte* behind_aggregate(unsigned flags, const std::byte* aggregate) noexcept {
  if ((flags & kWideAggregate) != 0) return aggregate + 4 * sizeof(double);
  const unsigned widths = number_of(*aggregate);
  return aggregate + 1 + (widths & 3) + (widths >> 2 & 7) + (widths >> 5);
}

Aggregate read_wide_aggregate(const std::byte* from, std::size_t count) noexcept {
  std::array<double, 4> fields;
  std::memcpy(fields.data(), from, sizeof fields);
  return {static_cast<std::uint32_t>(count), fields[0], fields[1], fields[2], fields[3]};
}

// With x = (least + o * 2^shift) / 10^e: n * sum((x - mean)^2) = (n * s2 - s1^2) * (2^shift /
// 10^e)^2, and the part in integers is exact.
Aggregate read_narrow_aggregate(const PackedHead& packed, std::size_t count) noexcept {
  const std::byte* from = packed.aggregate;
  const unsigned widths = number_of(*from++);
  const std::uint64_t greatest = load_bytes(from, widths & 3);
  from += widths & 3;
  const std::uint64_t s1 = load_bytes(from, widths >> 2 & 7);
  from += widths >> 2 & 7;
  const std::uint64_t s2 = load_bytes(from, widths >> 5);

  const double power = power_of_ten(packed.exponent);
  const auto n = static_cast<std::int64_t>(count);
  const auto total = n * packed.least + static_cast<std::int64_t>(s1 << packed.shift);
  const auto highest = packed.least + static_cast<std::int64_t>(greatest << packed.shift);
  const double unit = static_cast<double>(std::uint64_t{1} << packed.shift) / power;
  const auto spread = static_cast<double>(count * s2 - s1 * s1);
  Aggregate all;
  all.count = static_cast<std::uint32_t>(count);
  all.min = static_cast<double>(packed.least) / power;
  all.max = static_cast<double>(highest) / power;
  all.sum = static_cast<double>(total) / power;
  all.m2 = spread * unit * unit / static_cast<double>(count);
  return all;
}

void decode_packed(const Head& head, std::span<double> values) noexcept {
  const PackedHead packed = read_packed_head(head);
  const std::byte* from = behind_aggregate(head.flags, packed.aggregate);
  Integers integers;
  const std::span numbers(integers.data(), head.count);
  if (is_delta(head.codec)) {
    from = unpack(from, packed.packing, numbers.subspan(1));
    std::int64_t running = packed.first;
    numbers[0] = running;
    for (std::int64_t& number : numbers.subspan(1)) number = running += number;
  } else {
    from = unpack(from, packed.packing, numbers);
  }
  for (std::int64_t& number : numbers) {
    number = packed.least +
             static_cast<std::int64_t>(static_cast<std::uint64_t>(number) << packed.shift);
  }
  if (is_decimal(head.codec)) {
    to_doubles(numbers, packed.exponent, values);
  } else {
    std::transform(numbers.begin(), numbers.end(), values.begin(), from_ordered_bits);
  }
  for (std::size_t i = 0; i < packed.exceptions; ++i, from += kExceptionBytes) {
    std::memcpy(&values[number_of(*from)], from + 1, sizeof(double));
  }
}

}  // namespace

std::size_t SlotSet::count_before(std::size_t slot) const noexcept {
  SlotSet before;
  before.words[0] = words[0] & low_mask(static_cast<unsigned>(std::min<std::size_t>(slot, 64)));
  before.words[1] = slot <= 64 ? 0 : words[1] & low_mask(static_cast<unsigned>(slot - 64));
  return before.count();
}

Codec block_codec(const std::byte* block) noexcept {
  return static_cast<Codec>(number_of(block[0]) & kCodecMask);
}

std::size_t block_bytes(const std::byte* block) noexcept {
  return std::size_t{number_of(block[1])} * 8;
}

std::size_t block_head_bytes(const std::byte* block) noexcept {
  const Head head = read_head(block);
  const std::byte* points = head.rest;
  if (is_packed(head.codec)) {
    points = behind_aggregate(head.flags, read_packed_head(head).aggregate);
  } else if (head.codec != Codec::kConstant) {
    points += 4 * sizeof(double);
  }
  return static_cast<std::size_t>(points - block);
}

SlotSet block_slots(const std::byte* block) noexcept {
  return read_head(block).slots;
}

Aggregate block_aggregate(const std::byte* block) noexcept {
  const Head head = read_head(block);
  if (head.codec == Codec::kConstant) {
    const double value = read_constant(head);
    const auto count = static_cast<std::uint32_t>(head.count);
    return {count, value, value, value * count, 0};
  }
  if (!is_packed(head.codec)) return read_wide_aggregate(head.rest, head.count);
  const PackedHead packed = read_packed_head(head);
  return (head.flags & kWideAggregate) != 0 ? read_wide_aggregate(packed.aggregate, head.count)
                                            : read_narrow_aggregate(packed, head.count);
}

std::size_t decode_block(const std::byte* block, std::span<double, kBlockSlots> values) noexcept {
  const Head head = read_head(block);
  const std::span present = values.first(head.count);
  switch (head.codec) {
    case Codec::kConstant:
      std::fill(present.begin(), present.end(), read_constant(head));
      break;
    case Codec::kDecimal:
    case Codec::kDecimalDelta:
    case Codec::kBits:
    case Codec::kBitsDelta:
      decode_packed(head, present);
      break;
    case Codec::kXor:
      xor_read(head.rest + 4 * sizeof(double), present);
      break;
    case Codec::kRaw:
      std::memcpy(present.data(), head.rest + 4 * sizeof(double), present.size_bytes());
      break;
  }
  return head.count;
}

}  // namespace tocsin::series
