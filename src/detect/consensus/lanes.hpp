// Four floats at once, as a vector register of each machine we build for holds them: for members
// that all do the same with numbers of their own.
// Each lane is computed as a single float would be, bit for bit; and what GCC and clang call vector
// extensions is the same text for SSE2 and NEON.
// A lane without a value holds NaN: no comparison with it holds, and lesser() and greater() give
// their second argument.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include "src/detect/consensus/settled.hpp"

namespace tocsin::detect::consensus {

inline constexpr std::size_t kLanes = 4;
using Lanes = float __attribute__((vector_size(16)));
using LaneMask = std::int32_t __attribute__((vector_size(16)));  // all bits of a lane, or none

inline constexpr float kNoValue = std::numeric_limits<float>::quiet_NaN();

// Four consecutive ones, aligned or not.
[[nodiscard]] inline Lanes load(const float* from) {
  Lanes lanes;
  std::memcpy(&lanes, from, sizeof lanes);
  return lanes;
}
inline void store(Lanes lanes, float* to) {
  std::memcpy(to, &lanes, sizeof lanes);
}

[[nodiscard]] inline Lanes all_lanes(float value) {
  return Lanes{value, value, value, value};
}

// As std::min and std::max where both are numbers.
[[nodiscard]] inline Lanes lesser(Lanes a, Lanes b) {
  return a < b ? a : b;
}
[[nodiscard]] inline Lanes greater(Lanes a, Lanes b) {
  return a > b ? a : b;
}

[[nodiscard]] inline Lanes absolute(Lanes lanes) {
  return std::bit_cast<Lanes>(std::bit_cast<LaneMask>(lanes) & 0x7fffffff);
}

// `lanes` where the mask is set, 0 elsewhere.
[[nodiscard]] inline Lanes only(LaneMask mask, Lanes lanes) {
  return std::bit_cast<Lanes>(std::bit_cast<LaneMask>(lanes) & mask);
}

[[nodiscard]] inline Lanes settled(Lanes lanes) {
  return absolute(lanes) < kNothing ? Lanes{} : lanes;
}

[[nodiscard]] inline bool any(LaneMask mask) {
  using Halves = std::int64_t __attribute__((vector_size(16)));
  const auto halves = std::bit_cast<Halves>(mask);
  return (halves[0] | halves[1]) != 0;
}

// Of four numbers.
[[nodiscard]] inline float least_of(Lanes lanes) {
  lanes = lesser(lanes, __builtin_shufflevector(lanes, lanes, 2, 3, 0, 1));
  return lanes[0] < lanes[1] ? lanes[0] : lanes[1];
}

// `sum` and the values, from the first to the last: added in another order floats are another sum.
// Written out, as a loop of so few additions is mostly counting.
template <std::size_t Count>
[[nodiscard]] inline float add_up(float sum, const float* values) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((sum += values[I]), ...);
    return sum;
  }
  (std::make_index_sequence<Count>());
}

}  // namespace tocsin::detect::consensus
