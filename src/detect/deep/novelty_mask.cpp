#include "src/detect/deep/novelty_mask.hpp"

namespace tocsin::detect {

namespace {

// Of the similarity at the last alarm: what breaks the mask, soon after it and later.
constexpr float kWorseSoon = 0.9F;
constexpr float kWorseLater = 0.7F;

}  // namespace

bool NoveltyMask::observe(bool novel, float similarity) {
  if (since_alarm_ <= kSettleSteps) ++since_alarm_;
  const bool soon = since_alarm_ <= kSettleSteps;
  const bool masked = soon || quiet_ < kSettleSteps;
  const float worse = (soon ? kWorseSoon : kWorseLater) * alarm_similarity_;
  const bool rings = novel && (!masked || similarity < worse);
  if (novel) {
    quiet_ = 0;
  } else if (quiet_ < kSettleSteps) {
    ++quiet_;
  }
  if (rings) {
    since_alarm_ = 0;
    alarm_similarity_ = similarity;
  }
  return rings;
}

}  // namespace tocsin::detect
