// Numbers that fade towards zero, kept out of the denormal range, where arithmetic is slow.
#pragma once

namespace tocsin::detect::consensus {

// `value`, or 0 when it is too small for any of our scales to notice.
[[nodiscard]] inline float settled(float value) {
  constexpr float kNothing = 1e-30F;
  return value < kNothing && value > -kNothing ? 0 : value;
}

}  // namespace tocsin::detect::consensus
