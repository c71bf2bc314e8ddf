// What is much and what is little for this series: the units in which all else is measured.
// Made of quantiles of a thinned window (4,096 rows of memory) and of extremes that fade towards
// the median, so that neither a single spike nor a quiet hour decides.
// Units:   of the values, as distances from the series' first one.
// Cost:    the window takes every 16th row once it is full.
// Source:  `scale` of ensemble A, our measurements of consensus detection.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "src/detect/consensus/sorted_window.hpp"

namespace tocsin::detect::consensus {

struct Scale {
  float median = 0;
  float spread = 0;     // from the 5 % to the 95 % quantile
  float full = 0;       // between the fading extremes
  float least = 0;      // a distance of no importance
  float unit = 0;       // half of the usual range
  float tolerance = 0;  // by which a record may be exceeded without being news
};

class ValueScale {
 public:
  // Of the values added so far, which are distances from `origin`.
  [[nodiscard]] Scale scale(double origin) const {
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

  void add(float value) {
    if (rows_ % kThinning == 0 || !window_.full()) sample(value);
    low_ = std::min(low_, value);
    high_ = std::max(high_, value);
    low_ += kFading * (median_ - low_);
    high_ += kFading * (median_ - high_);
    ++rows_;
  }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    SortedWindow::visit_state(self.window_, state);
    state.number(self.low_);
    state.number(self.high_);
    state.number(self.quantile_low_);
    state.number(self.median_);
    state.number(self.quantile_high_);
    state.count(self.rows_, UINT32_MAX);
  }

 private:
  static constexpr std::uint32_t kThinning = 16;  // rows per sample, once the window is full
  static constexpr float kFading = 5e-5F;         // of the extremes, per row

  void sample(float value);

  float low_ = 0;  // extremes, fading
  float high_ = 0;
  float quantile_low_ = 0;  // of window_, renewed when it changes
  float median_ = 0;
  float quantile_high_ = 0;
  std::uint32_t rows_ = 0;  // wraps; only its last bits count once the window is full
  SortedWindow window_;     // rarely touched, and so behind what each row needs
};

}  // namespace tocsin::detect::consensus
