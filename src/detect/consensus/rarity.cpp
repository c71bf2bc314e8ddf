#include "src/detect/consensus/rarity.hpp"

#include <algorithm>
#include <cmath>

#include "src/detect/consensus/lanes.hpp"
#include "src/detect/consensus/settled.hpp"

namespace tocsin::detect::consensus {
namespace {

constexpr std::size_t kForecast = 0;
constexpr std::size_t kHour = 1;
constexpr std::size_t kYesterday = 2;
constexpr std::size_t kRecent = 3;

constexpr float kLargestSurprise = 6;  // of one member: none decides alone
constexpr float kRecentRate = 0.2F;
constexpr float kLeastError = 0.01F;  // of the forecast, in units of the scale

}  // namespace

float Rarity::update(const PointContext& point) {
  surprises_.fill(0);
  judge_forecast(point);
  judge_hour(point);
  judge_yesterday(point);
  judge_recent(point);
  std::array<float, kMembers> cut;
  store(lesser(load(surprises_.data()), all_lanes(kLargestSurprise)), cut.data());
  const float sum = add_up<kMembers>(0, cut.data());
  joint_surprise_ =
      joint_tail_.judge(sum / static_cast<float>(kMembers), kJointTail, first_.joint_scores);
  return joint_surprise_;
}

float Rarity::agreed_surprise() const {
  std::array<float, kMembers> sorted = surprises_;
  std::ranges::sort(sorted);
  return sorted[kMembers - 2];
}

inline void Rarity::judge_forecast(const PointContext& point) {
  if (point.after_gap) forecast_.forget_history();
  const std::optional<float> expected = forecast_.forecast(point.scale);
  forecast_now_ = {};
  if (expected) {
    const float usual_error = forecast_errors_.deviation();
    forecast_now_ = {true, *expected, usual_error * point.scale.unit};
    const float error = (point.value - *expected) / point.scale.unit;
    judge(kForecast, error, usual_error + kLeastError);
    forecast_errors_.add(error, first_.forecast_errors);
  }
  forecast_.learn(point.value, expected, point.scale);
}

inline void Rarity::judge_hour(const PointContext& point) {
  const HourResidual& hour = point.hour_residual;
  if (hour.rateable) judge(kHour, hour.residual, hour.width);
}

inline void Rarity::judge_yesterday(const PointContext& point) {
  if (!point.yesterday_distance) return;
  const float distance = *point.yesterday_distance;
  judge(kYesterday, distance, yesterday_distances_.deviation() + point.scale.least);
  yesterday_distances_.add(distance, first_.yesterday_distances);
}

inline void Rarity::judge_recent(const PointContext& point) {
  if (!has_recent_mean_ || point.after_gap) {
    recent_mean_ = point.value;
    has_recent_mean_ = true;
    return;
  }
  const float distance = point.value - recent_mean_;
  judge(kRecent, distance, recent_distances_.deviation() + point.scale.least);
  recent_distances_.add(distance, first_.recent_distances);
  recent_mean_ = settled(recent_mean_ + kRecentRate * distance);
}

inline void Rarity::judge(std::size_t member, float distance, float usual) {
  surprises_[member] =
      tails_[member].judge(std::abs(distance) / usual, kMemberTail, first_.scores[member]);
}

}  // namespace tocsin::detect::consensus
