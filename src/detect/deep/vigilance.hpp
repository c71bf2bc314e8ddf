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
#include "src/detect/deep/state_bytes.hpp"

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

  void save(StateWriter& out) const;
  void restore(StateReader& in);

 private:
  static constexpr std::size_t kKept = kWarmUpSteps + 1;

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
