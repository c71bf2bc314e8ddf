#include "src/detect/consensus/novelty.hpp"

#include <algorithm>
#include <cmath>

#include "src/detect/consensus/settled.hpp"

namespace tocsin::detect::consensus {
namespace {

constexpr std::size_t kVolatility = 7;
constexpr std::size_t kResidual = 8;
constexpr std::size_t kDaytime = 9;
constexpr std::size_t kChange = 12;
constexpr std::size_t kYesterday = 13;

constexpr std::uint32_t kWarmBase = 50;
constexpr std::uint32_t kWarmVolatility = 62;
constexpr std::uint32_t kWarmResidual = 70;
constexpr float kGain = 4;
constexpr float kStepRate = 0.08F;
constexpr float kResidualRate = 0.05F;
constexpr float kVolatilityTolerance = 0.1F;  // of the logarithm

}  // namespace

float Novelty::update(const PointContext& point) {
  exceedances_.fill(0);
  judge_means(point);
  judge_volatility(point);
  judge_residual(point);
  judge_daytime(point);
  judge_yesterday(point);
  last_value_ = point.value;
  if (rows_ < UINT32_MAX) ++rows_;

  float sum = 0;
  for (const float exceedance : exceedances_) {
    if (exceedance > 0) sum += std::log10(1 + kGain * exceedance);
  }
  return sum / static_cast<float>(kMembers);
}

void Novelty::judge_means(const PointContext& point) {
  record_low_ = mean_envelopes_[0].low();
  record_high_ = mean_envelopes_[0].high();
  // The exact mean while that weighs the newest more.
  constexpr std::uint32_t kLongest = 1U << (kMeans - 1);
  const float exact = rows_ < kLongest ? 1 / static_cast<float>(rows_ + 1) : 0;
  float weight = 1;
  std::uint32_t length = 1;
  for (std::size_t k = 0; k < kMeans; ++k, weight /= 2, length *= 2) {
    means_[k] = settled(means_[k] + std::max(weight, exact) * (point.value - means_[k]));
    exceedances_[k] =
        mean_envelopes_[k].judge(means_[k], kWarmBase + length, point.scale.tolerance);
    mean_envelopes_[k].take(means_[k], point.scale.median);
  }
}

void Novelty::judge_volatility(const PointContext& point) {
  if (rows_ == 0 || point.after_gap) return;
  mean_step_ = settled(mean_step_ + kStepRate * (std::abs(point.value - last_value_) - mean_step_));
  const float volatility =
      std::log(mean_step_ + 0.02F * point.scale.spread + 0.002F * point.scale.full + 1e-9F);
  exceedances_[kVolatility] =
      volatility_envelope_.judge(volatility, kWarmVolatility, kVolatilityTolerance);
  const bool first = volatility_envelope_.seen() == 0;
  volatility_envelope_.take(volatility, first ? volatility : volatility_envelope_.middle());
}

void Novelty::judge_residual(const PointContext& point) {
  if (!point.hour_residual.known) return;
  mean_residual_ =
      settled(mean_residual_ + kResidualRate * (point.hour_residual.residual - mean_residual_));
  if (!point.second_day) return;
  exceedances_[kResidual] = residual_envelope_.judge(
      mean_residual_, kWarmResidual + point.rows_per_day / 4, point.scale.tolerance);
  residual_envelope_.take(mean_residual_, 0);
}

void Novelty::judge_daytime(const PointContext& point) {
  const std::array<float, DaytimeEnvelopes::kQuantities> values{point.value, means_[2], means_[4]};
  const float tolerance = 0.1F * point.scale.full + point.scale.tolerance;
  same_hours_ = {};
  if (point.second_day) {
    same_hours_ = daytime_.range(point.hour, 0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!same_hours_.known || daytime_.is_ordinary(point.hour, i, values[i])) continue;
      const DaytimeEnvelopes::Range range = daytime_.range(point.hour, i);
      // Here the tolerance alone is the measure: the records of few visits say little of the width.
      const float beyond = std::max({0.0F, values[i] - range.high, range.low - values[i]});
      exceedances_[kDaytime + i] = beyond / tolerance;
    }
  }
  daytime_.take(point.hour, values);
}

void Novelty::judge_yesterday(const PointContext& point) {
  const std::uint32_t warm = kWarmBase + point.rows_per_day / 4;
  if (point.yesterday_mean_change) {
    exceedances_[kChange] =
        change_envelope_.judge(*point.yesterday_mean_change, warm, point.scale.tolerance);
    change_envelope_.take(*point.yesterday_mean_change, 0);
  }
  if (point.yesterday_distance) {
    exceedances_[kYesterday] =
        yesterday_envelope_.judge(*point.yesterday_distance, warm, point.scale.tolerance);
    yesterday_envelope_.take(*point.yesterday_distance, 0);
  }
}

}  // namespace tocsin::detect::consensus
