// Reads the times that people and tools write into series files.
#pragma once

#include <string_view>

#include "tocsin/result.hpp"

namespace tocsin::app {

// Seconds since the epoch from "2025-01-01 08:59:55[.25]" (taken as UTC), the same with a T between
// and a Z or an offset such as +01:00 behind, or epoch seconds, whole or with a fraction.
// Errors:  kSyntax, kRange; without a place.
[[nodiscard]] Result<double> parse_timestamp(std::string_view text);

}  // namespace tocsin::app
