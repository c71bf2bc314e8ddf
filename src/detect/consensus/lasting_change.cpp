#include "src/detect/consensus/lasting_change.hpp"

#include <algorithm>
#include <cmath>

#include "src/detect/consensus/settled.hpp"

namespace tocsin::detect::consensus {
namespace {

constexpr double kSlowRow_s = 60;  // faster rows learn in proportion

constexpr float kFarthest = 3;
constexpr float kTolerated = 1;
constexpr float kFarthestWide = 9;
constexpr float kToleratedWide = 1.5F;

constexpr float kMostDistance = 6;  // usual ones, that one row may teach
constexpr float kRate = 0.01F;      // once settled

}  // namespace

void LastingChange::start(double step_s) {
  started_ = true;
  hours_ = HourMeans<float>(static_cast<float>(std::min(1.0, step_s / kSlowRow_s)));
}

LastingChange::Evidence LastingChange::update(const PointContext& point, float limit_per_row) {
  Evidence evidence;
  if (!started_) return evidence;
  if (point.after_gap) {
    for (Excursions& sum : sums_) sum.abandon();
  }
  const bool known = hours_.knows(point.hour);
  const float distance = hours_.residual(point.hour, point.value);
  if (!known) return evidence;
  if (point.second_day && rows_ == kSettled) {
    const float z = distance / (usual_ + point.scale.least);
    const float near = std::clamp(z, -kFarthest, kFarthest);
    const std::array<float, kSums> scores{near - kTolerated, -near - kTolerated,
                                          std::min(std::abs(z), kFarthestWide) - kToleratedWide};
    for (std::size_t i = 0; i < kSums; ++i) {
      const float expected = sums_[i].add(scores[i]);
      evidence.expected_per_row = std::min(evidence.expected_per_row, kSums * expected);
      if (kSums * expected > limit_per_row) continue;
      evidence.beyond = true;
      sums_[i].restart();
    }
  }
  learn(std::abs(distance), point.scale.least);
  return evidence;
}

void LastingChange::learn(float distance, float least) {
  if (rows_ < kSettled) {
    ++rows_;
    usual_ += (distance - usual_) / static_cast<float>(rows_);
    return;
  }
  // What was constant until now learns too, from the least that counts.
  distance = std::min(distance, kMostDistance * (usual_ + least));
  usual_ = settled(usual_ + kRate * (distance - usual_));
}

}  // namespace tocsin::detect::consensus
