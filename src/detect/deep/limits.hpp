// What a memory takes for a time or a value. Anything beyond is cut to it, so that no sum and no
// range overflows.
#pragma once

namespace tocsin::detect {

inline constexpr double kLargestValue = 1e150;
inline constexpr double kLatest_s = 1e12;  // 30,000 years either side of the epoch

}  // namespace tocsin::detect
