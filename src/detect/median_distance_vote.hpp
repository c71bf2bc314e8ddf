// What Skyline's rule of the median distance says of a value, by the medians of its window.
#pragma once

#include "tocsin/detector.hpp"

namespace tocsin::detect {

// Fires beyond six median distances, `median_distance` being the median of the distances from the
// median. Silent when that is 0, which is whenever more than half of the points are equal. Otherwise
// it fires or abstains: Skyline's rule returned nothing there, and nothing is not False.
[[nodiscard]] Vote median_distance_vote(double value, double median, double median_distance);

}  // namespace tocsin::detect
