// The median: the middle value, or the mean of the two middle ones.
#pragma once

#include <span>

namespace tocsin::detect {

// Reorders `values`. NaN for none. Precondition: no NaN among them. Linear on average.
[[nodiscard]] double median_of(std::span<double> values);

}  // namespace tocsin::detect
