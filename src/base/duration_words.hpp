// Durations as people say them.
#pragma once

#include <chrono>
#include <string>

namespace tocsin::base {

// In its two largest units, rounded down: "3 d 4 h", "12 min", "2 min 10 s", "0 s".
// Precondition: not negative.
[[nodiscard]] std::string in_words(std::chrono::nanoseconds duration);

}  // namespace tocsin::base
