#include "src/detect/consensus/novelty.hpp"

#include <cmath>

#include "src/detect/consensus/settled.hpp"

namespace tocsin::detect::consensus {
namespace {

constexpr std::int32_t kWarmBase = 50;
constexpr std::int32_t kWarmVolatility = 62;
constexpr std::int32_t kWarmResidual = 70;
constexpr float kGain = 4;
constexpr float kStepRate = 0.08F;
constexpr float kResidualRate = 0.05F;
constexpr float kVolatilityTolerance = 0.1F;  // of the logarithm

// What a row weighs in the means over 1, 2, 4 .. 64 rows, and in that of the steps.
constexpr Lanes kShortRates{1, 1.0F / 2, 1.0F / 4, 1.0F / 8};
constexpr Lanes kLongRates{1.0F / 16, 1.0F / 32, 1.0F / 64, kStepRate};
constexpr std::uint32_t kLongest = 64;
// Each mean's own length after the first fifty.
constexpr LaneMask kShortWarm{kWarmBase + 1, kWarmBase + 2, kWarmBase + 4, kWarmBase + 8};
constexpr LaneMask kLongWarm{kWarmBase + 16, kWarmBase + 32, kWarmBase + 64, kWarmVolatility};

}  // namespace

float Novelty::update(const PointContext& point) {
  // A step is from one row to the next.
  const bool stepped = rows_ > 0 && !point.after_gap;
  renew_means(point, stepped);
  const Lanes brief = judge_short_means(point);
  const Lanes longer = judge_long_means_and_volatility(point, stepped);
  const Lanes others = judge_others(point);
  const Lanes daytime = judge_daytime(point);
  last_value_ = point.value;
  if (rows_ < UINT32_MAX) ++rows_;

  // Most points break no record, and none of these is below zero.
  if (!any(brief + longer + others + daytime > 0.0F)) {
    if (told_) exceedances_.fill(0);
    told_ = false;
    return 0;
  }
  told_ = true;
  store(brief, &exceedances_[0]);
  store(longer, &exceedances_[4]);
  exceedances_[8] = others[kResidualLane];
  for (std::size_t i = 0; i < DaytimeEnvelopes::kQuantities; ++i) exceedances_[9 + i] = daytime[i];
  exceedances_[12] = others[kChangeLane];
  exceedances_[13] = others[kYesterdayLane];
  float sum = 0;
  for (const float exceedance : exceedances_) {
    if (exceedance > 0) sum += std::log10(1 + kGain * exceedance);
  }
  return sum / static_cast<float>(kMembers);
}

inline void Novelty::renew_means(const PointContext& point, bool stepped) {
  Lanes short_rates = kShortRates;
  Lanes long_rates = kLongRates;
  if (rows_ < kLongest) {
    // The exact mean while that weighs the newest more.
    const float exact = 1 / static_cast<float>(rows_ + 1);
    short_rates = greater(short_rates, all_lanes(exact));
    long_rates = greater(long_rates, Lanes{exact, exact, exact, 0});
  }
  if (!stepped) long_rates[kVolatilityLane] = 0;
  const float step = std::abs(point.value - last_value_);
  const Lanes brief = load(&means_[0]);
  const Lanes longer = load(&means_[4]);
  const Lanes news{point.value, point.value, point.value, step};
  store(settled(brief + short_rates * (all_lanes(point.value) - brief)), &means_[0]);
  store(settled(longer + long_rates * (news - longer)), &means_[4]);
}

inline Lanes Novelty::judge_short_means(const PointContext& point) {
  Envelopes& envelopes = mean_envelopes_[0];
  const bool seen = envelopes.seen(0);
  record_low_ = seen ? envelopes.low(0) : 0;
  record_high_ = seen ? envelopes.high(0) : 0;
  return envelopes.update({.values = load(&means_[0]),
                           .centres = all_lanes(point.scale.median),
                           .tolerances = all_lanes(point.scale.tolerance),
                           .warm = kShortWarm});
}

inline Lanes Novelty::judge_long_means_and_volatility(const PointContext& point, bool stepped) {
  Envelopes& envelopes = mean_envelopes_[1];
  Lanes values = load(&means_[4]);
  float volatility = kNoValue;
  if (stepped) {
    volatility = std::log(values[kVolatilityLane] + 0.02F * point.scale.spread +
                          0.002F * point.scale.full + 1e-9F);
  }
  values[kVolatilityLane] = volatility;
  float middle = stepped ? volatility : 0;
  if (envelopes.seen(kVolatilityLane)) middle = envelopes.middle(kVolatilityLane);
  const float median = point.scale.median;
  const float tolerance = point.scale.tolerance;
  return envelopes.update(
      {.values = values,
       .centres = Lanes{median, median, median, middle},
       .tolerances = Lanes{tolerance, tolerance, tolerance, kVolatilityTolerance},
       .warm = kLongWarm});
}

inline Lanes Novelty::judge_others(const PointContext& point) {
  float residual = kNoValue;
  if (point.hour_residual.known) {
    mean_residual_ =
        settled(mean_residual_ + kResidualRate * (point.hour_residual.residual - mean_residual_));
    if (point.second_day) residual = mean_residual_;
  }
  const auto quarter = static_cast<std::int32_t>(point.rows_per_day / 4);
  return other_envelopes_.update(
      {.values = Lanes{residual, point.yesterday_mean_change.value_or(kNoValue),
                       point.yesterday_distance.value_or(kNoValue), kNoValue},
       .centres = Lanes{},
       .tolerances = all_lanes(point.scale.tolerance),
       .warm = LaneMask{kWarmResidual + quarter, kWarmBase + quarter, kWarmBase + quarter, 0}});
}

inline Lanes Novelty::judge_daytime(const PointContext& point) {
  daytime_.enter(point.hour);
  const Lanes values{point.value, means_[2], means_[4], point.value};
  Lanes exceedances{};
  same_hours_ = {};
  if (point.second_day) {
    same_hours_ = daytime_.range(0);
    const Lanes beyond = daytime_.beyond(values);
    if (same_hours_.known && any(beyond > 0.0F)) {
      // Here the tolerance alone is the measure: the records of few visits say little of the width.
      exceedances = beyond / all_lanes(0.1F * point.scale.full + point.scale.tolerance);
    }
  }
  daytime_.take(values);
  return exceedances;
}

}  // namespace tocsin::detect::consensus
