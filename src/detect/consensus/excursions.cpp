#include "src/detect/consensus/excursions.hpp"

#include <algorithm>
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

}  // namespace

float Excursions::add(float score) {
  constexpr float kOrdinary = std::numeric_limits<float>::max();
  if (++rows_ >= kMostRows) {
    rows_ /= 2;
    counted_ *= 0.5F;
    excess_ *= 0.5F;
  }
  whole_ = std::min(whole_ + score, kFarthest);
  if (whole_ <= 0) {
    end();
    return kOrdinary;
  }
  farthest_ = std::max(farthest_, whole_);
  // Never above the whole.
  sum_ = std::clamp(sum_ + score, 0.0F, kFarthest);
  if (sum_ <= ordinary_) return kOrdinary;
  const float often = (counted_ + kSupposed) / (static_cast<float>(rows_) + kSupposedRows);
  const float excess = (sum_ - ordinary_) / (excess_ + kSupposedExcess);
  return often * std::pow(1 + excess, -(counted_ + kSupposedShape));
}

void Excursions::end() {
  const float step = kFollowing * (excess_ + kSupposedExcess) / (counted_ + kSupposedShape);
  if (farthest_ > ordinary_) {
    counted_ += 1;
    excess_ += farthest_ - ordinary_;
    ordinary_ += (1 - kReachedShare) * step;
  } else if (farthest_ > 0) {
    ordinary_ = std::max(kLeastOrdinary, ordinary_ - kReachedShare * step);
  }
  abandon();
}

void Excursions::abandon() {
  sum_ = 0;
  whole_ = 0;
  farthest_ = 0;
}

}  // namespace tocsin::detect::consensus
