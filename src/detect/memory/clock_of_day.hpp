// Where in its UTC day a point lies, by the clock and not by counting rows.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace tocsin::detect {

inline constexpr double kDay_s = 86400;

// 0..23. Precondition: within +-1e15 s.
[[nodiscard]] inline std::uint32_t hour_of_day(double time_s) {
  constexpr std::int64_t kSeconds = 86400;
  const auto whole = static_cast<std::int64_t>(std::floor(time_s));
  const std::int64_t within = ((whole % kSeconds) + kSeconds) % kSeconds;
  return static_cast<std::uint32_t>(within / 3600);
}

// hour_of_day() of one time after the other, asked anew only when the hour has changed.
class HourClock {
 public:
  [[nodiscard]] std::uint32_t hour_at(double time_s) {
    if (time_s < begin_s_ || time_s >= begin_s_ + kHour_s) enter(time_s);
    return hour_;
  }

 private:
  static constexpr double kHour_s = 3600;

  // In whole seconds, where nothing is rounded.
  void enter(double time_s) {
    hour_ = hour_of_day(time_s);
    const auto whole = static_cast<std::int64_t>(std::floor(time_s));
    begin_s_ = static_cast<double>(whole - ((whole % 3600) + 3600) % 3600);
  }

  double begin_s_ = std::numeric_limits<double>::infinity();  // before the first
  std::uint32_t hour_ = 0;
};

}  // namespace tocsin::detect
