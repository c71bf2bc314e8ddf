#include "src/detect/consensus/adaptive_forecast.hpp"

#include <algorithm>
#include <cmath>

namespace tocsin::detect::consensus {
namespace {

constexpr float kStep = 0.1F;
constexpr float kLeastPower = 1e-3F;  // of the history, in units: divides nothing by nothing
constexpr float kMostWeight = 16;     // far beyond any useful filter; bounds it for good

}  // namespace

std::optional<float> AdaptiveForecast::forecast(const Scale& scale) const {
  if (known_ < kOrder) return std::nullopt;
  float sum = 0;
  for (std::size_t i = 0; i < kOrder; ++i) sum += weights_[i] * (last_[i] - scale.median);
  return scale.median + sum;
}

void AdaptiveForecast::learn(float value, std::optional<float> forecast, const Scale& scale) {
  if (forecast) {
    const float per_unit = 1 / scale.unit;
    std::array<float, kOrder> history;
    float power = kLeastPower;
    for (std::size_t i = 0; i < kOrder; ++i) {
      history[i] = (last_[i] - scale.median) * per_unit;
      power += history[i] * history[i];
    }
    const float error = std::clamp((value - *forecast) * per_unit, -1.0F, 1.0F);
    const float gain = kStep * error / power;
    for (std::size_t i = 0; i < kOrder; ++i) {
      weights_[i] = std::clamp(weights_[i] + gain * history[i], -kMostWeight, kMostWeight);
    }
  }
  std::copy_backward(last_.begin(), last_.end() - 1, last_.end());
  last_[0] = value;
  if (known_ < kOrder) ++known_;
}

}  // namespace tocsin::detect::consensus
