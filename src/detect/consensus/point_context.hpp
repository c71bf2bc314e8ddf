// A point as the members of the consensus see it: the value, where in the day it lies, and what the
// shared memories say of it. Made before any of them has learned the point, but for the day ring.
#pragma once

#include <cstdint>
#include <optional>

#include "src/detect/consensus/hour_profile.hpp"
#include "src/detect/consensus/value_scale.hpp"

namespace tocsin::detect::consensus {

struct PointContext {
  float value = 0;  // as a distance from the series' first value
  Scale scale;
  HourResidual hour_residual;
  std::optional<float> yesterday_distance;     // DayRing::nearest_yesterday
  std::optional<float> yesterday_mean_change;  // DayRing::mean_change
  std::uint32_t hour = 0;                      // of the day
  std::uint32_t rows_per_day = 0;              // 0 until known
  bool second_day = false;                     // a day or more after the series' first point
  bool after_gap = false;                      // the point before it does not tell what to expect
};

}  // namespace tocsin::detect::consensus
