// One closed block of history: up to 120 doubles with their aggregate, in the fewest bytes.
// Tries, in this order, and keeps the smallest: constant; decimal integers packed from a base;
// their differences packed; the doubles' own bit patterns as integers, packed in both ways; XOR
// with the value before; raw. Every form gives back the same bits. Layout: docs/formats/history.md.
// Cost:    measured there; no allocation.
// Memory:  reading may look at up to 8 bytes behind a block (Arena::kReadableSlackBytes).
// Trust:   blocks are made by encode_block in this process; decoding does not check them.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "src/series/aggregate.hpp"

namespace tocsin::series {

inline constexpr std::size_t kBlockSlots = 120;
inline constexpr std::size_t kMaxEncodedBytes = 1024;

// Which slots of a block have a point; bit i is the block's slot i.
struct SlotSet {
  std::array<std::uint64_t, 2> words{};

  void add(std::size_t slot) noexcept { words[slot / 64] |= std::uint64_t{1} << (slot % 64); }
  [[nodiscard]] bool contains(std::size_t slot) const noexcept {
    return (words[slot / 64] >> (slot % 64) & 1) != 0;
  }
  [[nodiscard]] std::size_t count() const noexcept {
    return static_cast<std::size_t>(std::popcount(words[0]) + std::popcount(words[1]));
  }
  // Points in slots 0..slot-1; slot 0..kBlockSlots.
  [[nodiscard]] std::size_t count_before(std::size_t slot) const noexcept;
  // Calls visit(slot) in ascending order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::size_t w = 0; w < words.size(); ++w) {
      for (std::uint64_t rest = words[w]; rest != 0; rest &= rest - 1) {
        visit(w * 64 + static_cast<std::size_t>(std::countr_zero(rest)));
      }
    }
  }
  [[nodiscard]] static SlotSet all() noexcept {
    return {{~std::uint64_t{0}, (std::uint64_t{1} << 56) - 1}};
  }
  bool operator==(const SlotSet&) const = default;
};

enum class Codec : std::uint8_t {
  kConstant,
  kDecimal,
  kDecimalDelta,
  kBits,
  kBitsDelta,
  kXor,
  kRaw,
};

using EncodedBlock = std::array<std::byte, kMaxEncodedBytes + 16>;

// Encodes slots.count() > 0 finite values, oldest first; returns the bytes used in `out`.
// `exponent_hint` carries the decimal exponent from a series' block to its next.
[[nodiscard]] std::size_t encode_block(std::span<const double> values, const SlotSet& slots,
                                       std::uint8_t& exponent_hint, EncodedBlock& out) noexcept;

[[nodiscard]] Codec block_codec(const std::byte* block) noexcept;
// What to hand back to the arena.
[[nodiscard]] std::size_t block_bytes(const std::byte* block) noexcept;
// How many bytes precede its points.
[[nodiscard]] std::size_t block_head_bytes(const std::byte* block) noexcept;
[[nodiscard]] SlotSet block_slots(const std::byte* block) noexcept;
[[nodiscard]] Aggregate block_aggregate(const std::byte* block) noexcept;
// Returns the number of values written, the count of block_slots.
std::size_t decode_block(const std::byte* block, std::span<double, kBlockSlots> values) noexcept;

}  // namespace tocsin::series
