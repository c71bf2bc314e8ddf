#include "src/detect/deep/step_sampler.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tocsin::detect {

namespace {

// Of the mean, whatever the zero point of the scale: so it was published and measured.
constexpr double kRipple = 0.1;

}  // namespace

StepSampler::Ended StepSampler::add(const Point& point) {
  if (!started_) {
    started_ = true;
    end_s_ = point.time_s + step_s_;
  }
  Ended ended;
  if (point.time_s >= next_from_s()) {
    if (count_ > 0) ended.late = end_step();
    const double missed = std::floor((point.time_s - next_from_s()) / step_s_) + 1;
    if (missed > 0) end_s_ += missed * step_s_;
    ended.gap = missed > kGapSteps;
  }
  if (count_ == 0) {
    sum_ = 0;
    lowest_ = std::numeric_limits<double>::max();
    highest_ = std::numeric_limits<double>::lowest();
  }
  ++count_;
  sum_ += point.value;
  lowest_ = std::min(lowest_, point.value);
  highest_ = std::max(highest_, point.value);
  if (point.time_s + row_s_ >= next_from_s()) ended.now = end_step();
  return ended;
}

double StepSampler::end_step() {
  const double mean = sum_ / count_;
  centre_ = centred_ ? (centre_ + mean) / 2 : mean;
  centred_ = true;
  const double extreme =
      std::abs(lowest_ - centre_) > std::abs(highest_ - centre_) ? lowest_ : highest_;
  count_ = 0;
  end_s_ += step_s_;
  return std::abs(extreme - mean) < kRipple * mean ? mean : extreme;
}

}  // namespace tocsin::detect
