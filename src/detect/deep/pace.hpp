// The counts of steps that the parts of a memory share.
#pragma once

#include <cstdint>

namespace tocsin::detect {

inline constexpr std::uint32_t kWarmUpSteps = 60;                // silent, then ready
inline constexpr std::uint32_t kUpdateSteps = kWarmUpSteps / 2;  // between changes of vigilance
inline constexpr std::uint32_t kSettleSteps = 12;  // after an alarm, and without novelty

}  // namespace tocsin::detect
