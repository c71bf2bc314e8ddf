#include "src/detect/window_sums.hpp"

#include <algorithm>
#include <cmath>

namespace tocsin::detect {
namespace {

// Far enough for a window of 2^20 slots; 2^20 squares of such distances stay below 2^63.
constexpr std::int64_t kFarthestSlot = std::int64_t{1} << 21;
// Of the largest sum of squares that there was: what ten million additions, each rounded by up to
// 2^-104, come to.
constexpr double kSquaresError = 5e-25;
// How many times the present sum of squares the largest may have been.
constexpr double kWorn = 1e8;

}  // namespace

void WindowSums::begin(std::int64_t slot, double origin) {
  *this = WindowSums{};
  base_slot_ = slot;
  origin_ = origin;
}

void WindowSums::enter(std::int64_t slot, double value) {
  if (count_ == 0) begin(slot, value);
  if (slot - base_slot_ > kFarthestSlot) move_base(slot - kFarthestSlot / 2);
  add(slot, value);
}

void WindowSums::add(std::int64_t slot, double value) {
  const std::int64_t place = slot - base_slot_;
  const double distance = value - origin_;
  ++count_;
  slot_sum_ += place;
  slot_squares_ += place * place;
  sum_.add(distance);
  squares_.add_product(distance, distance);
  products_.add_product_of_whole(distance, static_cast<double>(place));
  largest_squares_ = std::max(largest_squares_, squares_.high);
}

void WindowSums::leave(std::int64_t slot, double value) {
  const std::int64_t place = slot - base_slot_;
  const double distance = value - origin_;
  --count_;
  slot_sum_ -= place;
  slot_squares_ -= place * place;
  sum_.add(-distance);
  squares_.add_product(-distance, distance);
  products_.add_product_of_whole(-distance, static_cast<double>(place));
}

bool WindowSums::is_worn() const {
  return !(largest_squares_ <= kWorn * moments().squares);
}

void WindowSums::move_base(std::int64_t slot) {
  const std::int64_t moved = slot - base_slot_;
  slot_squares_ += moved * (moved * static_cast<std::int64_t>(count_) - 2 * slot_sum_);
  slot_sum_ -= moved * static_cast<std::int64_t>(count_);
  products_.add(sum_.times(-static_cast<double>(moved)));
  base_slot_ = slot;
}

std::optional<Moments> WindowSums::rough_moments() const {
  // Of the sum of squares the difference that is left has eight digits and more.
  constexpr double kLeastLeft = 1e-7;
  const double mean = sum_.high / count_;
  const double squares = squares_.high - sum_.high * mean;
  const bool is_exact =
      squares > kLeastLeft * squares_.high && squares > 1e8 * kSquaresError * largest_squares_;
  if (!is_exact) return std::nullopt;
  return Moments{count_, origin_ + mean, squares};
}

BoundedMoments WindowSums::bounded(double count, const DoubleDouble& sum,
                                   const DoubleDouble& squares) const {
  DoubleDouble rest = sum.square_over(-count);
  rest.add(squares);
  return {count, origin_ + sum.value() / count, std::max(rest.value(), 0.0),
          kSquaresError * largest_squares_};
}

BoundedMoments WindowSums::moments() const {
  return bounded(count_, sum_, squares_);
}

BoundedMoments WindowSums::moments_without(double value) const {
  DoubleDouble sum = sum_;
  DoubleDouble squares = squares_;
  const double distance = value - origin_;
  sum.add(-distance);
  squares.add_product(-distance, distance);
  return bounded(count_ - 1.0, sum, squares);
}

FittedLine WindowSums::line() const {
  const double count = count_;
  const auto slot_sum = static_cast<double>(slot_sum_);
  const double middle = slot_sum / count;
  // Sums of products of distances from the means.
  DoubleDouble slots{static_cast<double>(slot_squares_), 0};
  slots.add(static_cast<double>(slot_squares_ - static_cast<std::int64_t>(slots.high)));
  slots.add(DoubleDouble{slot_sum, 0}.square_over(-count));
  DoubleDouble products = products_;
  products.add(sum_.times(-middle));
  // sum_ * (middle - its rounding): the quotient is not exact.
  DoubleDouble rounding{slot_sum, 0};
  rounding.add_product(-middle, count);
  products.add(-sum_.high * (rounding.value() / count));

  const BoundedMoments moments = this->moments();
  const double along = products.value();
  const double across = slots.value();
  const double explained = along * along / across;
  FittedLine line;
  line.level = moments.mean;
  line.slope = along / across;
  line.middle_slot = static_cast<double>(base_slot_) + middle;
  line.squares = std::max(moments.squares - explained, 0.0);
  line.squares_error = 4 * moments.squares_error + 1e-14 * moments.squares;
  line.slot_deviation = std::sqrt(across / count);
  return line;
}

}  // namespace tocsin::detect
