// The daemon's log: lines on standard error, written by a thread of its own.
// Never used on the event path. When it cannot keep up the oldest lines go, and are counted.
#pragma once

#include <cstdint>

#include "src/settings/settings.hpp"

namespace tocsin::app {

// Before the first line. Lines are text or one JSON object each.
void start_log(const settings::Log& settings);
// Writes out what waits.
void stop_log();
// Lines that were given up so far.
[[nodiscard]] std::uint64_t log_overruns();

}  // namespace tocsin::app
