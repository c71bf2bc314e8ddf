// The nine detectors of Etsy's Skyline, verdict for verdict.
// Written straight from their definitions, each in the file of its name; this form is the oracle
// for any faster one.
// Input:   a non-empty window or an empty one; with fewer points than a rule needs it does not
//          fire. All comparisons are strict; a NaN makes them false.
// Output:  median_absolute_deviation abstains where Skyline's returned nothing instead of False.
// Cost:    linear in the window; together under 1 ms for 8,640 points
//          (bench/micro/detect_bench.cpp).
// Source:  Skyline's analyzer algorithms, github.com/etsy/skyline at 22ae09d (2015-10-14), as run
//          on numpy 1.24, scipy 1.10, pandas 1.5, statsmodels 0.13. Deviations:
//          - where the reference raises (ADF on 20 to 23 reference points), the rule does not fire;
//            Skyline silenced all nine.
//          - moments of a window holding a NaN are NaN; pandas left the NaN out.
#pragma once

#include <span>

#include "tocsin/detector.hpp"

namespace tocsin::detect {

// The day that Skyline keeps. A caller gives a window of this length for the rules to mean what
// they mean there.
inline constexpr double kFullDuration_s = 86400;

// Tail against mean and deviation of the points older than 23 hours.
[[nodiscard]] Vote first_hour_average(const Window& window, Scratch& scratch);
// Newest value against mean and deviation of all points before it. Skyline's name; no sum is
// formed.
[[nodiscard]] Vote mean_subtraction_cumulation(const Window& window, Scratch& scratch);
// Tail against mean and deviation of all points.
[[nodiscard]] Vote stddev_from_average(const Window& window, Scratch& scratch);
// Newest value against the exponentially weighted mean and deviation.
[[nodiscard]] Vote stddev_from_moving_average(const Window& window, Scratch& scratch);
// Residual of the last three points against the fitted straight line.
[[nodiscard]] Vote least_squares(const Window& window, Scratch& scratch);
// Grubbs' test for one outlier above; drops never fire.
[[nodiscard]] Vote grubbs(const Window& window, Scratch& scratch);
// Tail in a thinly populated one of 15 equal bins.
[[nodiscard]] Vote histogram_bins(const Window& window, Scratch& scratch);
// Newest value's distance from the median in units of the median distance.
[[nodiscard]] Vote median_absolute_deviation(const Window& window, Scratch& scratch);
// Distribution of the last ten minutes against the fifty before, if those were stationary.
[[nodiscard]] Vote ks_test(const Window& window, Scratch& scratch);

// All nine, in Skyline's order.
[[nodiscard]] std::span<const Detector> skyline();

}  // namespace tocsin::detect
