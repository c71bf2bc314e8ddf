// How a number and a health are said in an event.
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

#include "src/service/health.hpp"
#include "tocsin/event.hpp"

namespace tocsin::app {

// A whole number stays one: counts, bytes and set sizes are integers to those who read them.
[[nodiscard]] inline Metric as_metric(double value) noexcept {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (std::abs(value) < kExact && std::trunc(value) == value) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

[[nodiscard]] constexpr std::string_view state_word(service::Health health) noexcept {
  switch (health) {
    case service::Health::kPassing:
      return state::kOk;
    case service::Health::kDegraded:
      return state::kWarning;
    case service::Health::kFailing:
      return state::kCritical;
    case service::Health::kUnknown:
      break;
  }
  return state::kUnknown;
}

}  // namespace tocsin::app
