// The limits of all listeners, for /metrics.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "src/settings/listeners.hpp"

namespace tocsin::settings {

// Calls `see` with each listener's name, the key of each of its limits that is a number or a size,
// and its value (bytes for a size). Durations are not limits of memory, and left out.
using SeeLimit =
    std::function<void(std::string_view listener, std::string_view key, std::uint64_t value)>;
void for_each_limit(const Listen& listen, const SeeLimit& see);

}  // namespace tocsin::settings
