// The two vigilances of a memory: what a course must match to be the same, and what to be familiar.
// Idea:    `upper` follows the mean of all similarities: categories are as wide as the series is
//          usually alike. `lower` creeps up towards the worst similarity of late while that stays
//          above it, and gives way, by how far the last steps fell short of `upper`, once it does
//          not: a series that became restless is asked for less. It does not fall below what past
//          alarms looked like.
// Source:  two vigilances: L. E. Brito da Silva, I. Elnabarawy, D. C. Wunsch, "Dual vigilance fuzzy
//          ART", Neural Networks 109 (2019). How they move here is measured, not derived.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "src/detect/deep/pace.hpp"

namespace tocsin::detect {

class Vigilance {
 public:
  Vigilance() = default;
  // Both vigilances start at `first`.
  explicit Vigilance(float first) : lower_(first), upper_(first) {}

  [[nodiscard]] float lower() const { return lower_; }
  [[nodiscard]] float upper() const { return upper_; }

  // Once a step after the warm-up, with how well its course matched.
  void observe(float similarity);
  // The step observed last was an alarm, of that similarity.
  void alarmed(float similarity);

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    state.number(self.lower_, -1.0F, 1.0F);
    state.number(self.upper_, 0.0F, 1.0F);
    state.count(self.steps_, kMostSteps);
    state.number(self.similarity_sum_, 0.0, static_cast<double>(kMostSteps));
    for (auto& similarity : self.similarities_) state.count(similarity, UINT16_MAX);
    state.count(self.since_alarm_, kSettleSteps);
    state.number(self.worst_since_alarm_, 0.0F, 1.0F);
    state.number(self.alarm_sum_, 0.0F, static_cast<float>(kMostSteps));
    state.count(self.alarms_, kMostSteps);
  }

 private:
  static constexpr std::size_t kKept = kWarmUpSteps + 1;
  // What a stored state may claim: more than a series can reach, with room to count on.
  static constexpr std::uint32_t kMostSteps = 1U << 31;

  void update();
  [[nodiscard]] float similarity(std::uint32_t steps_ago) const;
  [[nodiscard]] float worst_of_late() const;
  [[nodiscard]] float mean_shortfall() const;
  void end_alarm();

  float lower_ = 0;
  float upper_ = 0;
  std::uint32_t steps_ = 0;
  double similarity_sum_ = 0;
  std::array<std::uint16_t, kKept> similarities_{};  // a ring, by step; in 65,535ths
  std::uint32_t since_alarm_ = kSettleSteps;         // stays there
  float worst_since_alarm_ = 1;                      // while since_alarm_ < kSettleSteps
  float alarm_sum_ = 0;                              // of the worst similarities of past alarms
  std::uint32_t alarms_ = 0;
};

}  // namespace tocsin::detect
