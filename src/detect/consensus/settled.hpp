// Numbers that fade towards zero, kept out of the denormal range, where arithmetic is slow.
#pragma once

namespace tocsin::detect::consensus {

inline constexpr float kNothing = 1e-30F;  // too small for any of our scales to notice

// `value`, or 0 when it is nothing.
[[nodiscard]] inline float settled(float value) {
  return value < kNothing && value > -kNothing ? 0 : value;
}

}  // namespace tocsin::detect::consensus
