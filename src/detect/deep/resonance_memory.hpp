// One small memory of the courses that a series has taken, and whether the newest is among them.
// Idea:    each value becomes one of 81 levels; levels near the running median become it, so that
//          ordinary noise is flat; the last eight make a course; a fuzzy adaptive-resonance memory
//          knows it or does not. What it does not know rings, unless it just did.
// Input:   first a warm-up, then one value a step (step_sampler.hpp).
// State:   bounded: kMaxCategories boxes and a few rings.
// Cost:    one comparison with every box, some hundreds of nanoseconds; no allocation once started.
// Source:  the design and its constants are measured (bench/results/deep.md); the memory itself is
//          fuzzy ART with two vigilances: category_memory.hpp, vigilance.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "src/detect/deep/category_memory.hpp"
#include "src/detect/deep/course.hpp"
#include "src/detect/deep/level_median.hpp"
#include "src/detect/deep/level_scale.hpp"
#include "src/detect/deep/limits.hpp"
#include "src/detect/deep/novelty_mask.hpp"
#include "src/detect/deep/vigilance.hpp"

namespace tocsin::detect {

// Why a memory rang, in values of its series.
struct Novelty {
  float similarity = 0;                 // to the nearest known course
  float needed = 0;                     // for that course to be familiar
  std::uint32_t nearest_uses = 0;       // how often the nearest was seen; 0: nothing is known yet
  std::uint32_t nearest_age_steps = 0;  // since it last was
  // The step that lies farthest outside the nearest course, the newest if none does.
  std::uint32_t steps_ago = 0;
  double value = 0;
  double known_low = 0;
  double known_high = 0;
  // What the nearest course has for the newest step.
  double expected_low = 0;
  double expected_high = 0;
};

class ResonanceMemory {
 public:
  // Learns kWarmUpSteps values in silence. `pad` and `trust`: see LevelScale.
  void start(std::span<const double> warm_up, double pad, WarmUp trust);
  [[nodiscard]] bool started() const { return started_; }

  // Precondition: started(). Whether the course that ends with `value` rings.
  bool add(double value);
  // Values are missing: the next course begins anew.
  void restart_course() { filled_ = 0; }

  // Of the last ring.
  [[nodiscard]] const Novelty& novelty() const { return novelty_; }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    state.flag(self.started_);
    if (!self.started_) return;
    CategoryMemory::visit_state(self.categories_, state);
    Vigilance::visit_state(self.vigilance_, state);
    NoveltyMask::visit_state(self.mask_, state);
    LevelScale::visit_state(self.scale_, state);
    LevelMedian::visit_state(self.median_, state);
    for (auto& position : self.window_) state.number(position, 0.0F, 1.0F);
    state.count(self.filled_, kCourseSteps);
    state.count(self.step_, UINT32_MAX);
    state.number(self.novelty_.similarity, 0.0F, 1.0F);
    state.number(self.novelty_.needed, -1.0F, 1.0F);
    state.count(self.novelty_.nearest_uses, UINT32_MAX);
    state.count(self.novelty_.nearest_age_steps, UINT32_MAX);
    state.count(self.novelty_.steps_ago, kCourseSteps - 1);
    for (auto* value : {&self.novelty_.value, &self.novelty_.known_low, &self.novelty_.known_high,
                        &self.novelty_.expected_low, &self.novelty_.expected_high}) {
      state.number(*value, -10 * kLargestValue, 10 * kLargestValue);
    }
  }

 private:
  // True when there are enough steps for a course.
  bool push(double value);
  [[nodiscard]] Novelty describe(const Course& course,
                                 const CategoryMemory::Matches& matches) const;

  CategoryMemory categories_;
  Vigilance vigilance_;
  NoveltyMask mask_;
  LevelScale scale_;
  LevelMedian median_;
  std::array<float, kCourseSteps> window_{};  // positions of 0..1, oldest first
  std::uint32_t filled_ = 0;                  // how many of the newest of `window_` count
  std::uint32_t step_ = 0;
  bool started_ = false;
  Novelty novelty_;
};

}  // namespace tocsin::detect
