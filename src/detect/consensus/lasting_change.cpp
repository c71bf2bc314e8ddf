#include "src/detect/consensus/lasting_change.hpp"

#include <algorithm>
#include <cmath>

#include "src/detect/consensus/lanes.hpp"
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
  if (point.after_gap) sums_.abandon();
  const bool known = hours_.knows(point.hour);
  const float distance = hours_.residual(point.hour, point.value);
  if (!known) return evidence;
  if (point.second_day && rows_ == kSettled) {
    evidence = judge(distance / (usual_ + point.scale.least), limit_per_row);
  }
  learn(std::abs(distance), point.scale.least);
  return evidence;
}

inline LastingChange::Evidence LastingChange::judge(float z, float limit_per_row) {
  constexpr float kNone = -1;  // the fourth sum never begins
  const float near = std::clamp(z, -kFarthest, kFarthest);
  const Lanes scores{near - kTolerated, -near - kTolerated,
                     std::min(std::abs(z), kFarthestWide) - kToleratedWide, kNone};
  const Lanes expected = static_cast<float>(kSums) * sums_.add(scores);
  Evidence evidence;
  if (!any((expected < evidence.expected_per_row) | (expected <= limit_per_row))) return evidence;
  for (std::size_t i = 0; i < kSums; ++i) {
    evidence.expected_per_row = std::min(evidence.expected_per_row, expected[i]);
    if (expected[i] > limit_per_row) continue;
    evidence.beyond = true;
    sums_.restart(i);
  }
  return evidence;
}

inline void LastingChange::learn(float distance, float least) {
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
