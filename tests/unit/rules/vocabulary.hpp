// What the rules under test may refer to: the nine detectors, and no variables.
#pragma once

#include "src/rules/load.hpp"
#include "tests/unit/settings/bad_files.hpp"

namespace tocsin::tests {

inline rules::Vocabulary vocabulary() {
  return {empty_environment,
          {"first_hour_average", "mean_subtraction_cumulation", "stddev_from_average",
           "stddev_from_moving_average", "least_squares", "grubbs", "histogram_bins",
           "median_absolute_deviation", "ks_test"},
          6};
}

}  // namespace tocsin::tests
