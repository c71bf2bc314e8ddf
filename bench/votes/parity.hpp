// Every vote of the nine at every point, from running state and by the straight code.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/votes/sources.hpp"

namespace tocsin::bench {

// Each series grows from its first point on, with gaps in every third; a window of `slots` is a
// day. Prints how many votes differ, by detector; false: some do.
[[nodiscard]] bool votes_agree(const std::vector<Points>& values, std::uint32_t slots);

}  // namespace tocsin::bench
