// MedianBracket: between which values the median of a window and the median distance from it still
// lie, some points after both were last computed.
// The idea: the values K ranks below and above the median enclose it until 2 K points have entered
// or left; so do the distances K ranks below and above the median distance, widened by what the
// median itself may have moved. One bracket is narrow and soon over, the other wide and lasting.
// Cost:    point_moved() adds one; fill() goes over the window some ten times; 80 bytes.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace tocsin::detect {

struct Interval {
  double low = 0;
  double high = 0;
};

class MedianBracket {
 public:
  struct Level {
    Interval median;
    Interval median_distance;
  };

  struct Medians {
    double median;
    double median_distance;
  };

  // `values`: all of the window, none of them NaN, in any order; they are changed. Returns what is
  // exact now.
  Medians fill(std::span<double> values);
  // A point has entered or left.
  void point_moved() noexcept {
    for (Kept& kept : kept_) {
      if (kept.moves_left > 0) --kept.moves_left;
    }
  }
  // The narrowest that is still good.
  [[nodiscard]] bool is_known() const noexcept { return kept_.back().moves_left > 0; }
  // Precondition: is_known().
  [[nodiscard]] Level narrowest() const noexcept;

 private:
  struct Kept {
    Interval median;
    Interval distance;  // from the median as it was
    std::uint16_t moves_left = 0;
  };

  std::array<Kept, 2> kept_;  // the narrower first, which never outlasts the other
};

}  // namespace tocsin::detect
