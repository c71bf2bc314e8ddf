// Clock: where the few places that may know the time get it from.
// Only ingest/listen and src/app hold one; everything behind them is told the time.
// Threads: wall_clock is safe from any thread.
#pragma once

#include <functional>

#include "tocsin/event.hpp"

namespace tocsin::base {

using Clock = std::function<TimePoint()>;

// The system's wall clock. May jump when the administrator or NTP sets it.
[[nodiscard]] TimePoint wall_clock() noexcept;

}  // namespace tocsin::base
