// Skyline's gate: the series it leaves out before any detector runs.
#pragma once

#include <cstdint>
#include <string_view>

#include "tocsin/detector.hpp"

namespace tocsin::detect {

enum class Skip : std::uint8_t {
  kNone,
  kTooShort,  // no points
  kStale,     // newest point over 500 s old
  kBoring,    // one distinct value in the last 100 points, or in all when there are fewer
};

// "TooShort", "Stale", "Boring": Skyline's words; empty for kNone.
[[nodiscard]] std::string_view to_string(Skip skip) noexcept;
// The first reason that holds, in the order above.
[[nodiscard]] Skip skip_of(const Window& window);

}  // namespace tocsin::detect
