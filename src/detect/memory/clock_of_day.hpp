// Where in its UTC day a point lies, by the clock and not by counting rows.
#pragma once

#include <cmath>
#include <cstdint>

namespace tocsin::detect {

inline constexpr double kDay_s = 86400;

// 0..23. Precondition: within +-1e15 s.
[[nodiscard]] inline std::uint32_t hour_of_day(double time_s) {
  constexpr std::int64_t kSeconds = 86400;
  const auto whole = static_cast<std::int64_t>(std::floor(time_s));
  const std::int64_t within = ((whole % kSeconds) + kSeconds) % kSeconds;
  return static_cast<std::uint32_t>(within / 3600);
}

}  // namespace tocsin::detect
