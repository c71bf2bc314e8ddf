// Integers as small differences from a base, all in one width, with the few that do not fit
// patched.
// Idea:    [900 3 5 4 6] from base 3 in 2 bits is [. 0 2 1 3]; 900 keeps its low bits there and its
//          position and high bits in a list. Without the list one spike would widen the whole
//          block.
// Source:  patched frame of reference: M. Zukowski et al., "Super-Scalar RAM-CPU Cache
//          Compression", ICDE 2006. Ours differs in that high parts are signed, so that a drop to
//          zero costs no more than a spike.
// Layout:  count * width bits of low parts; then, with outliers, their positions (a byte each) and
//          their high parts (high_width bits each); each group starts at a whole byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tocsin::series {

struct Packing {
  std::int64_t base = 0;
  std::uint8_t width = 0;       // 0..kMaxPackedWidth
  std::uint8_t outliers = 0;    // at most the number of values
  std::uint8_t high_width = 0;  // signed; 0 when there are no outliers
  std::size_t bytes = 0;        // of the packed form; kImpossible when the range is too wide

  static constexpr std::size_t kImpossible = ~std::size_t{0};
};

inline constexpr std::size_t kMaxPackedValues = 128;

// The cheapest of the packings tried. `values`: up to kMaxPackedValues, each below 2^62 in
// magnitude.
[[nodiscard]] Packing choose_packing(std::span<const std::int64_t> values) noexcept;

// Both return the byte behind the packed form; both need slack behind it (bit_io.hpp).
// `packing` must come from choose_packing for the same values.
std::byte* pack(std::span<const std::int64_t> values, const Packing& packing,
                std::byte* to) noexcept;
const std::byte* unpack(const std::byte* from, const Packing& packing,
                        std::span<std::int64_t> values) noexcept;

}  // namespace tocsin::series
