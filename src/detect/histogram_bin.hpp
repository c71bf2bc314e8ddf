// The one bin of Skyline's histogram that matters: that of the tail.
// Skyline cuts the range of a window in 15 equal bins and looks for the tail in every bin of at
// most 20 points: in the first bin if it is not above the lower edge, in the others if it is at or
// above the lower and below the upper edge. So the inside of the first bin and the maximum itself
// never fire, and only the tail's own bin need be counted.
#pragma once

#include <cstddef>

#include "tocsin/detector.hpp"

namespace tocsin::detect {

inline constexpr std::size_t kThinlyPopulated = 20;

struct HistogramBin {
  bool is_looked_at = false;  // false: no bin is, and the rule does not fire
  double low = 0;
  double high = 0;
  bool is_last = false;  // the maximum belongs to the last bin

  [[nodiscard]] bool holds(double value) const { return value >= low && (value < high || is_last); }
  // Whether any value between these could be in it.
  [[nodiscard]] bool overlaps(double least, double largest) const {
    return largest >= low && (least < high || is_last);
  }
};

// Of a window whose least and largest value are these.
[[nodiscard]] HistogramBin histogram_bin(double least, double largest, double tail);
// `count`: of the points that the bin holds.
[[nodiscard]] Vote histogram_vote(std::size_t count);

}  // namespace tocsin::detect
