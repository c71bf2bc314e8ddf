// WindowSums: what the moments and the fitted line of a window are made of, kept up to date as
// points enter and leave.
// Input:   points of a window of at most 2^20 slots, in order of slots; those that leave are those
//          that are oldest.
// Output:  moments with a bound of their error. Sums are DoubleDoubles, so that the bound is far
//          below what a rule could feel, unless a value was more than some 1e10 times the others;
//          it shrinks again by rebuilding the sums.
// Cost:    constant to enter and to leave, most of it three sums of two doubles each; 96 bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "src/detect/double_double.hpp"
#include "src/detect/moments.hpp"

namespace tocsin::detect {

// Mean and sum of squared distances from it, as Moments, with what the latter may be wrong by.
struct BoundedMoments {
  double count = 0;
  double mean = 0;
  double squares = 0;
  double squares_error = 0;
};

// The line that fits values over slots best.
struct FittedLine {
  double level = 0;  // at `middle_slot`
  double slope = 0;  // per slot
  double middle_slot = 0;
  double squares = 0;         // of the residuals
  double squares_error = 0;   // what that may be wrong by
  double slot_deviation = 0;  // of the slots, dividing by their count

  [[nodiscard]] double at(double slot) const { return level + slope * (slot - middle_slot); }
};

class WindowSums {
 public:
  void enter(std::int64_t slot, double value);
  // Precondition: this point has entered, and not left.
  void leave(std::int64_t slot, double value);
  // As if only these points had ever entered, oldest first; slot_of(i) is that of values[i].
  template <class SlotOf>
  void rebuild(std::span<const double> values, SlotOf slot_of) {
    const double level = moments_of(values).mean;
    *this = WindowSums{};
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i == 0) begin(slot_of(i), level);
      add(slot_of(i), values[i]);
    }
  }

  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  // Whether rebuilding would shrink the bound of the error much.
  [[nodiscard]] bool is_worn() const;

  // In plain doubles, to one part in 10^8; nothing where those do not carry so far.
  [[nodiscard]] std::optional<Moments> rough_moments() const;
  // Precondition of these: two points or more, three without `value`.
  [[nodiscard]] BoundedMoments moments() const;
  // Of all points but one whose value is `value`.
  [[nodiscard]] BoundedMoments moments_without(double value) const;
  [[nodiscard]] FittedLine line() const;

 private:
  void begin(std::int64_t slot, double origin);
  void add(std::int64_t slot, double value);
  [[nodiscard]] BoundedMoments bounded(double count, const DoubleDouble& sum,
                                       const DoubleDouble& squares) const;
  void move_base(std::int64_t slot);

  // Of distances from the origin, so that a large offset costs no digits.
  DoubleDouble sum_;
  DoubleDouble squares_;
  DoubleDouble products_;  // with slots
  double origin_ = 0;
  double largest_squares_ = 0;     // that squares_ has been, since it was last rebuilt
  std::int64_t base_slot_ = 0;     // slots are counted from here, to stay small
  std::int64_t slot_sum_ = 0;      // exact
  std::int64_t slot_squares_ = 0;  // exact
  std::uint32_t count_ = 0;
};

}  // namespace tocsin::detect
