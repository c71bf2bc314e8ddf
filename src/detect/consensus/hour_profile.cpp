#include "src/detect/consensus/hour_profile.hpp"

#include <algorithm>
#include <cmath>

#include "src/detect/consensus/settled.hpp"

namespace tocsin::detect::consensus {
namespace {

constexpr float kLeastMeanRate = 0.2F;
constexpr float kLeastDeviationRate = 0.05F;
constexpr float kClip = 6;  // usual deviations that one value may move the mean's target

}  // namespace

HourResidual HourProfile::judge(float value, std::uint32_t hour, const Scale& scale) const {
  const Hour& now = hours_[hour];
  if (now.seen == 0) return {};
  return {.known = true,
          .expected = now.mean,
          .residual = value - now.mean,
          .width = 1.25F * now.deviation + 0.3F * usual_.deviation() + scale.least,
          .rateable = now.seen >= 2};
}

void HourProfile::learn(float value, std::uint32_t hour) {
  Hour& now = hours_[hour];
  const auto seen = static_cast<float>(now.seen);
  if (now.seen < kManyTimes) ++now.seen;
  if (seen == 0) {
    now.mean = value;
    return;
  }
  const float residual = value - now.mean;
  // While nothing ever deviated there is no measure to clip by.
  const float limit = usual_.median() > 0 ? kClip * usual_.deviation() : std::abs(residual);
  const float mean_rate = std::max(1 / (seen + 1), kLeastMeanRate);
  now.mean = settled(now.mean + mean_rate * std::clamp(residual, -limit, limit));
  const float deviation_rate = std::max(1 / seen, kLeastDeviationRate);
  now.deviation = settled(now.deviation + deviation_rate * (std::abs(residual) - now.deviation));
  usual_.add(residual);
}

}  // namespace tocsin::detect::consensus
