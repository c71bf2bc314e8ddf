// One way of looking at a series: values of steps of one length, and three memories of them that
// differ in how wide they take the range of the series to be.
// Input:   points of the series, or of what is left of it without its daily course.
// Output:  how many of the memories are ready, and how many rang of late.
// Cost:    per point that of StepSampler; per step that of three memories. Allocates until ready.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "src/detect/deep/limits.hpp"
#include "src/detect/deep/pace.hpp"
#include "src/detect/deep/resonance_memory.hpp"
#include "src/detect/deep/step_sampler.hpp"
#include "tocsin/stream_detector.hpp"

namespace tocsin::detect {

class Track {
 public:
  static constexpr std::size_t kMemories = 3;

  // Readies it for steps of `step_s` of rows `row_s` apart.
  void begin(double step_s, double row_s, WarmUp trust);

  void add(const Point& point);

  [[nodiscard]] bool ready() const { return memories_.front().started(); }
  [[nodiscard]] double step_s() const { return sampler_.step_s(); }
  // When each last rang; long ago if it never did.
  [[nodiscard]] std::span<const double, kMemories> rang_s() const { return rang_s_; }
  [[nodiscard]] const ResonanceMemory& memory(std::size_t index) const { return memories_[index]; }

  // Beyond sizeof.
  [[nodiscard]] std::size_t heap_bytes() const { return warm_up_.capacity() * sizeof(double); }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    StepSampler::visit_state(self.sampler_, state);
    bool trusted = self.trust_ == WarmUp::kTrusted;
    state.flag(trusted);
    auto count = static_cast<std::uint32_t>(self.warm_up_.size());
    state.count(count, kWarmUpSteps - 1);
    if constexpr (State::kReads) {
      self.trust_ = trusted ? WarmUp::kTrusted : WarmUp::kGuarded;
      self.warm_up_.resize(count);
    }
    for (auto& value : self.warm_up_) state.number(value, -2 * kLargestValue, 2 * kLargestValue);
    for (std::size_t i = 0; i < kMemories; ++i) {
      ResonanceMemory::visit_state(self.memories_[i], state);
      state.number(self.rang_s_[i], kNever_s, kLatest_s);
      state.require(self.memories_[i].started() == self.memories_.front().started());
    }
    if constexpr (State::kReads) {
      if (!self.ready()) self.warm_up_.reserve(kWarmUpSteps);
    }
  }

 private:
  static constexpr double kNever_s = -2 * kLatest_s;

  void end_step(double value, double time_s);

  StepSampler sampler_;
  WarmUp trust_ = WarmUp::kGuarded;
  std::vector<double> warm_up_;  // given back once the memories have started
  std::array<ResonanceMemory, kMemories> memories_;
  std::array<double, kMemories> rang_s_{};
};

}  // namespace tocsin::detect
