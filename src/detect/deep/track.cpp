#include "src/detect/deep/track.hpp"

namespace tocsin::detect {

namespace {

// Shares of the range of the warm-up, on either side.
constexpr std::array<double, Track::kMemories> kPads{0.25, 0.5, 1};

}  // namespace

void Track::begin(double step_s, double row_s, WarmUp trust) {
  trust_ = trust;
  sampler_ = StepSampler(step_s, row_s);
  warm_up_.reserve(kWarmUpSteps);
  rang_s_.fill(kNever_s);
}

void Track::add(const Point& point) {
  const StepSampler::Ended ended = sampler_.add(point);
  if (ended.late) end_step(*ended.late, point.time_s);
  if (ended.gap) {
    for (ResonanceMemory& memory : memories_) memory.restart_course();
  }
  if (ended.now) end_step(*ended.now, point.time_s);
}

void Track::end_step(double value, double time_s) {
  if (ready()) {
    for (std::size_t i = 0; i < kMemories; ++i) {
      if (memories_[i].add(value)) rang_s_[i] = time_s;
    }
    return;
  }
  warm_up_.push_back(value);
  if (warm_up_.size() < kWarmUpSteps) return;
  for (std::size_t i = 0; i < kMemories; ++i) memories_[i].start(warm_up_, kPads[i], trust_);
  warm_up_ = std::vector<double>();
}

}  // namespace tocsin::detect
