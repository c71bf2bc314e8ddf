// Health: the state of a service or of one of its members, and how states combine.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace tocsin::service {

// Ordered from best to worst; kUnknown is outside the order (see Bracket).
enum class Health : std::uint8_t { kPassing, kDegraded, kFailing, kUnknown };

[[nodiscard]] constexpr std::string_view to_string(Health health) noexcept {
  constexpr std::string_view kNames[] = {"passing", "degraded", "failing", "unknown"};
  return kNames[static_cast<std::uint8_t>(health)];
}

// A verdict formed twice: once with everything unknown taken as passing, once as failing. If both
// agree the verdict stands, however much is unknown: 9 of 10 members seen satisfy a quorum of 7.
struct Bracket {
  Health best = Health::kPassing;   // unknowns as passing; never kUnknown
  Health worst = Health::kPassing;  // unknowns as failing; never kUnknown

  [[nodiscard]] static constexpr Bracket of(Health health) noexcept {
    if (health == Health::kUnknown) return {Health::kPassing, Health::kFailing};
    return {health, health};
  }
  [[nodiscard]] constexpr Health verdict() const noexcept {
    return best == worst ? best : Health::kUnknown;
  }
  // The worse of both, in each reading.
  constexpr void add(Bracket other) noexcept {
    best = std::max(best, other.best);
    worst = std::max(worst, other.worst);
  }
  // Not worse than `limit`.
  constexpr void cap(Health limit) noexcept {
    best = std::min(best, limit);
    worst = std::min(worst, limit);
  }
};

}  // namespace tocsin::service
