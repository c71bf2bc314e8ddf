#include "src/detect/consensus/excursions.hpp"

#include <cmath>
#include <limits>

namespace tocsin::detect::consensus {
namespace {

// What is supposed of a series before it has shown anything: ten excursions beyond u in a week of
// five-minute rows, each exceeding it by three; it weighs as much as four of them.
constexpr float kSupposed = 10;
constexpr float kSupposedRows = 2016;
constexpr float kSupposedShape = 4;
constexpr float kSupposedExcess = 9;

constexpr float kReachedShare = 0.1F;  // of excursions that reach u
constexpr float kFollowing = 0.05F;    // of the mean excess, that u moves by
constexpr float kLeastOrdinary = 1;

constexpr float kOrdinary = std::numeric_limits<float>::max();  // as an answer

}  // namespace

Lanes Excursions::add(Lanes scores) {
  if (++rows_ >= kMostRows) halve();
  const Lanes wholes = lesser(load(wholes_.data()) + scores, all_lanes(kFarthest));
  const Lanes farthest = load(farthest_.data());
  Lanes ordinary = load(ordinary_.data());

  // Where an excursion ends, u has been reached too seldom, or it is counted.
  const LaneMask goes_on = wholes > 0.0F;
  const LaneMask far = ~goes_on & (farthest > ordinary);
  const LaneMask near = ~goes_on & (farthest > 0.0F) & ~far;
  const Lanes lower =
      greater(ordinary - kReachedShare * load(steps_.data()), all_lanes(kLeastOrdinary));
  ordinary = near ? lower : ordinary;
  store(ordinary, ordinary_.data());
  if (any(far)) count(far);

  // Never above the whole.
  const Lanes sums = lesser(greater(load(sums_.data()) + scores, Lanes{}), all_lanes(kFarthest));
  store(only(goes_on, wholes), wholes_.data());
  store(only(goes_on, greater(farthest, wholes)), farthest_.data());
  store(only(goes_on, sums), sums_.data());

  Lanes answers = all_lanes(kOrdinary);
  const LaneMask beyond = goes_on & (sums > ordinary);
  if (any(beyond)) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      if (beyond[lane] != 0) answers[lane] = expected(lane);
    }
  }
  return answers;
}

float Excursions::expected(std::size_t lane) const {
  const float often = (counted_[lane] + kSupposed) / (static_cast<float>(rows_) + kSupposedRows);
  const float excess = (sums_[lane] - ordinary_[lane]) / (excess_[lane] + kSupposedExcess);
  return often * std::pow(1 + excess, -(counted_[lane] + kSupposedShape));
}

void Excursions::count(LaneMask far) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    if (far[lane] == 0) continue;
    counted_[lane] += 1;
    excess_[lane] += farthest_[lane] - ordinary_[lane];
    ordinary_[lane] += (1 - kReachedShare) * steps_[lane];
  }
  renew_steps();
}

void Excursions::halve() {
  rows_ /= 2;
  for (float& counted : counted_) counted *= 0.5F;
  for (float& excess : excess_) excess *= 0.5F;
  renew_steps();
}

void Excursions::renew_steps() {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    steps_[lane] =
        kFollowing * (excess_[lane] + kSupposedExcess) / (counted_[lane] + kSupposedShape);
  }
}

void Excursions::abandon() {
  sums_.fill(0);
  wholes_.fill(0);
  farthest_.fill(0);
}

}  // namespace tocsin::detect::consensus
