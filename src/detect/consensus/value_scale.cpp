#include "src/detect/consensus/value_scale.hpp"

#include <algorithm>
#include <cmath>

namespace tocsin::detect::consensus {
namespace {

constexpr std::uint32_t kThinning = 16;  // rows per sample, once the window is full
constexpr float kFading = 5e-5F;         // of the extremes, per row

}  // namespace

Scale ValueScale::scale(double origin) const {
  const auto level = static_cast<float>(std::abs(origin + static_cast<double>(median_)));
  Scale scale;
  scale.median = median_;
  scale.spread = quantile_high_ - quantile_low_;
  scale.full = high_ - low_;
  scale.least = 1e-3F * level + 0.01F * scale.spread + 0.002F * scale.full + 1e-9F;
  scale.unit = 0.5F * scale.spread + 1e-3F * scale.full + 1e-3F * level + 1e-9F;
  scale.tolerance = 0.1F * scale.spread + 0.01F * scale.full + 1e-3F * level + 1e-9F;
  return scale;
}

void ValueScale::add(float value) {
  if (!window_.full() || rows_ % kThinning == 0) {
    window_.add(value);
    quantile_low_ = window_.quantile(0.05F);
    median_ = window_.quantile(0.5F);
    quantile_high_ = window_.quantile(0.95F);
  }
  low_ = std::min(low_, value);
  high_ = std::max(high_, value);
  low_ += kFading * (median_ - low_);
  high_ += kFading * (median_ - high_);
  ++rows_;
}

}  // namespace tocsin::detect::consensus
