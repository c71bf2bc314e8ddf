#include "src/detect/consensus/rarity.hpp"

#include <algorithm>
#include <cmath>

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
  float sum = 0;
  for (const float surprise : surprises_) sum += std::min(surprise, kLargestSurprise);
  joint_surprise_ = joint_tail_.judge(sum / static_cast<float>(kMembers));
  return joint_surprise_;
}

float Rarity::agreed_surprise() const {
  std::array<float, kMembers> sorted = surprises_;
  std::ranges::sort(sorted);
  return sorted[kMembers - 2];
}

void Rarity::judge_forecast(const PointContext& point) {
  if (point.after_gap) forecast_.forget_history();
  const std::optional<float> expected = forecast_.forecast(point.scale);
  forecast_now_ = {};
  if (expected) {
    forecast_now_ = {true, *expected, forecast_errors_.deviation() * point.scale.unit};
    const float error = (point.value - *expected) / point.scale.unit;
    surprises_[kForecast] =
        tails_[kForecast].judge(std::abs(error) / (forecast_errors_.deviation() + kLeastError));
    forecast_errors_.add(error);
  }
  forecast_.learn(point.value, expected, point.scale);
}

void Rarity::judge_hour(const PointContext& point) {
  const HourResidual& hour = point.hour_residual;
  if (!hour.rateable) return;
  surprises_[kHour] = tails_[kHour].judge(std::abs(hour.residual) / hour.width);
}

void Rarity::judge_yesterday(const PointContext& point) {
  if (!point.yesterday_distance) return;
  const float distance = *point.yesterday_distance;
  surprises_[kYesterday] = tails_[kYesterday].judge(
      std::abs(distance) / (yesterday_distances_.deviation() + point.scale.least));
  yesterday_distances_.add(distance);
}

void Rarity::judge_recent(const PointContext& point) {
  if (!has_recent_mean_ || point.after_gap) {
    recent_mean_ = point.value;
    has_recent_mean_ = true;
    return;
  }
  const float distance = point.value - recent_mean_;
  surprises_[kRecent] = tails_[kRecent].judge(std::abs(distance) /
                                              (recent_distances_.deviation() + point.scale.least));
  recent_distances_.add(distance);
  recent_mean_ = settled(recent_mean_ + kRecentRate * distance);
}

}  // namespace tocsin::detect::consensus
