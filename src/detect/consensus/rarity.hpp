// How rare is this point for this series? Four scores, each turned into a tail surprise by the
// series' own history, and their mean turned into one again.
//   0  error of a linear forecast      1  distance from the mean of the hour
//   2  distance from yesterday         3  distance from the recent mean
// It finds what breaks no record, where novelty is blind.
// Source:  `T` of ensemble A, our measurements of consensus detection.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "src/detect/consensus/adaptive_forecast.hpp"
#include "src/detect/consensus/median_distance.hpp"
#include "src/detect/consensus/pareto_tail.hpp"
#include "src/detect/consensus/point_context.hpp"

namespace tocsin::detect::consensus {

class Rarity {
 public:
  static constexpr std::size_t kMembers = 4;

  // Judges the point, then learns it. The surprise: -log10 of a chance.
  [[nodiscard]] float update(const PointContext& point);

  struct Forecast {
    bool known = false;
    float value = 0;
    float deviation = 0;
  };
  // Of the last point.
  [[nodiscard]] const std::array<float, kMembers>& surprises() const { return surprises_; }
  [[nodiscard]] float joint_surprise() const { return joint_surprise_; }
  // What two members at least are surprised by: the second of them, uncut.
  [[nodiscard]] float agreed_surprise() const;
  [[nodiscard]] const Forecast& forecast() const { return forecast_now_; }

  // From here on each row touches all of it.
  [[nodiscard]] const void* begin_of_each_row() const { return &forecast_; }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    AdaptiveForecast::visit_state(self.forecast_, state);
    auto& first = self.first_;
    for (std::size_t i = 0; i < kMembers; ++i) {
      ParetoTail::visit_state(self.tails_[i], first.scores[i], state);
    }
    ParetoTail::visit_state(self.joint_tail_, first.joint_scores, state);
    MedianDistance::visit_state(self.forecast_errors_, first.forecast_errors, state);
    MedianDistance::visit_state(self.yesterday_distances_, first.yesterday_distances, state);
    MedianDistance::visit_state(self.recent_distances_, first.recent_distances, state);
    state.number(self.recent_mean_);
    state.flag(self.has_recent_mean_);
    state.numbers(self.surprises_);
    state.number(self.joint_surprise_);
    state.flag(self.forecast_now_.known);
    state.number(self.forecast_now_.value);
    state.number(self.forecast_now_.deviation);
  }

 private:
  void judge_forecast(const PointContext& point);
  void judge_hour(const PointContext& point);
  void judge_yesterday(const PointContext& point);
  void judge_recent(const PointContext& point);
  void judge(std::size_t member, float distance, float usual);

  // What the tails and medians began with; before what each row touches, which is all the rest.
  struct First {
    std::array<ParetoTail::First, kMembers> scores{};
    ParetoTail::First joint_scores{};
    MedianDistance::First forecast_errors{};
    MedianDistance::First yesterday_distances{};
    MedianDistance::First recent_distances{};
  };

  First first_;
  AdaptiveForecast forecast_;
  std::array<ParetoTail, kMembers> tails_;
  ParetoTail joint_tail_;
  MedianDistance forecast_errors_;  // in units of the scale
  MedianDistance yesterday_distances_;
  MedianDistance recent_distances_;
  float recent_mean_ = 0;
  bool has_recent_mean_ = false;

  // Of the last point.
  std::array<float, kMembers> surprises_{};
  float joint_surprise_ = 0;
  Forecast forecast_now_;
};

}  // namespace tocsin::detect::consensus
