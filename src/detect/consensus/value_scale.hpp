// What is much and what is little for this series: the units in which all else is measured.
// Made of quantiles of a thinned window (4,096 rows of memory) and of extremes that fade towards
// the median, so that neither a single spike nor a quiet hour decides.
// Units:   of the values, as distances from the series' first one.
// Cost:    the window takes every 16th row once it is full.
// Source:  `scale` of ensemble A, our measurements of consensus detection.
#pragma once

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
  [[nodiscard]] Scale scale(double origin) const;

  void add(float value);

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
  float low_ = 0;  // extremes, fading
  float high_ = 0;
  float quantile_low_ = 0;  // of window_, renewed when it changes
  float median_ = 0;
  float quantile_high_ = 0;
  std::uint32_t rows_ = 0;  // wraps; only its last bits count once the window is full
  SortedWindow window_;     // rarely touched, and so behind what each row needs
};

}  // namespace tocsin::detect::consensus
