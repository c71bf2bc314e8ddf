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

#include "src/detect/deep/resonance_memory.hpp"
#include "src/detect/deep/state_bytes.hpp"
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

  void save(StateWriter& out) const;
  void restore(StateReader& in);

 private:
  void end_step(double value, double time_s);

  StepSampler sampler_;
  WarmUp trust_ = WarmUp::kGuarded;
  std::vector<double> warm_up_;  // given back once the memories have started
  std::array<ResonanceMemory, kMemories> memories_;
  std::array<double, kMemories> rang_s_{};
};

}  // namespace tocsin::detect
