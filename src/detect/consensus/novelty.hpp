// Is this point beyond anything seen? Fourteen envelopes of different aspects, and their mean.
//   0-6    means of the value over the last 1, 2, 4 .. 64 rows, exponentially weighted
//   7      volatility: logarithm of the mean step from row to row
//   8      mean distance from what the hour of the day is used to
//   9-11   the value and its means over 4 and 16 rows, against the records of the same hours
//   12     mean of the last twelve against the twelve a day before
//   13     distance from the nearest of yesterday's values
// Output:  mean of log10(1 + 4 exceedance): 0 on most points, as most break no record.
// Source:  `N` of ensemble A, our measurements of consensus detection, whose numbers start at 1.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "src/detect/consensus/daytime_envelopes.hpp"
#include "src/detect/consensus/envelopes.hpp"
#include "src/detect/consensus/lanes.hpp"
#include "src/detect/consensus/point_context.hpp"

namespace tocsin::detect::consensus {

class Novelty {
 public:
  static constexpr std::size_t kMembers = 14;
  // Before so many points nothing can be news.
  static constexpr std::uint32_t kWarm = 51;

  // Judges the point, then learns it.
  [[nodiscard]] float update(const PointContext& point);

  // Of the last point: by how much each member's records were broken; 0: not, or still learning.
  [[nodiscard]] const std::array<float, kMembers>& exceedances() const { return exceedances_; }
  // What values had come before the last point: all of them, and those of the same hours.
  [[nodiscard]] float record_low() const { return record_low_; }
  [[nodiscard]] float record_high() const { return record_high_; }
  [[nodiscard]] const DaytimeEnvelopes::Range& same_hours() const { return same_hours_; }

  // Up to here each row touches all of it.
  [[nodiscard]] const void* end_of_each_row() const { return &daytime_; }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    state.numbers(std::span(self.means_).template first<kMeans>());
    for (std::size_t k = 0; k < kMeans; ++k) {
      Envelopes::visit_lane(self.mean_envelopes_[k / kLanes], k % kLanes, state);
    }
    Envelopes::visit_lane(self.mean_envelopes_[1], kVolatilityLane, state);
    for (const std::size_t lane : {kResidualLane, kChangeLane, kYesterdayLane}) {
      Envelopes::visit_lane(self.other_envelopes_, lane, state);
    }
    DaytimeEnvelopes::visit_state(self.daytime_, state);
    state.number(self.last_value_);
    state.number(self.means_[kMeans]);
    state.number(self.mean_residual_);
    state.count(self.rows_, UINT32_MAX);
    state.numbers(self.exceedances_);
    state.number(self.record_low_);
    state.number(self.record_high_);
    state.flag(self.same_hours_.known);
    state.number(self.same_hours_.low);
    state.number(self.same_hours_.high);
    state.require(self.means_[kMeans] >= 0);
  }

 private:
  static constexpr std::size_t kMeans = 7;
  // Of mean_envelopes_[1], whose others are the three longest means, and of other_envelopes_.
  static constexpr std::size_t kVolatilityLane = 3;
  static constexpr std::size_t kResidualLane = 0;
  static constexpr std::size_t kChangeLane = 1;
  static constexpr std::size_t kYesterdayLane = 2;

  void renew_means(const PointContext& point, bool stepped);
  [[nodiscard]] Lanes judge_short_means(const PointContext& point);
  [[nodiscard]] Lanes judge_long_means_and_volatility(const PointContext& point, bool stepped);
  [[nodiscard]] Lanes judge_others(const PointContext& point);
  [[nodiscard]] Lanes judge_daytime(const PointContext& point);

  std::array<float, kMeans + 1>
      means_{};  // of the value; the last one: of its step from row to row
  std::array<Envelopes, 2> mean_envelopes_;
  Envelopes other_envelopes_;
  float last_value_ = 0;
  float mean_residual_ = 0;  // from the hour's mean
  std::uint32_t rows_ = 0;   // stays at its largest

  // Of the last point.
  bool told_ = true;  // some exceedance may be other than zero
  std::array<float, kMembers> exceedances_{};
  float record_low_ = 0;
  float record_high_ = 0;
  DaytimeEnvelopes::Range same_hours_;

  DaytimeEnvelopes daytime_;
};

}  // namespace tocsin::detect::consensus
