// The question that four of the nine ask: is it more than three deviations off the mean?
#pragma once

#include "tocsin/detector.hpp"

namespace tocsin::detect {

// NaN in mean or deviation: undefined, does not fire.
[[nodiscard]] Vote three_sigma(double value, double mean, double deviation);

}  // namespace tocsin::detect
