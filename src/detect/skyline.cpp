#include "src/detect/skyline.hpp"

#include <array>

namespace tocsin::detect {

std::span<const Detector> skyline() {
  static constexpr std::array<Detector, 9> kNine{{
      {"first_hour_average", first_hour_average},
      {"mean_subtraction_cumulation", mean_subtraction_cumulation},
      {"stddev_from_average", stddev_from_average},
      {"stddev_from_moving_average", stddev_from_moving_average},
      {"least_squares", least_squares},
      {"grubbs", grubbs},
      {"histogram_bins", histogram_bins},
      {"median_absolute_deviation", median_absolute_deviation},
      {"ks_test", ks_test},
  }};
  return kNine;
}

}  // namespace tocsin::detect
