// Whether a line for the log is for the better or for the worse.
#pragma once

#include <cstdint>

namespace tocsin::publish {

enum class News : std::uint8_t { kGood, kBad };

}  // namespace tocsin::publish
