// Forecasts the next value from the last eight by a linear filter that learns as it goes.
//   forecast = median + unit * sum w_i h_i,   h_i = (value i rows ago - median) / unit
//   w += .1 clip(error, 1) h / (|h|^2 + a little)      normalised least mean squares
// The clipped error keeps one spike from bending the filter.
// Source:  B. Widrow, S. Stearns, "Adaptive Signal Processing", 1985; normalisation by J. Nagumo,
//          A. Noda, 1967. Member a of ensemble A.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "src/detect/consensus/lanes.hpp"
#include "src/detect/consensus/value_scale.hpp"

namespace tocsin::detect::consensus {

class AdaptiveForecast {
 public:
  static constexpr std::size_t kOrder = 8;

  // Of the value to come; nothing until eight values in a row were seen.
  [[nodiscard]] std::optional<float> forecast(const Scale& scale) const {
    if (known_ < kOrder) return std::nullopt;
    std::array<float, kOrder> terms;
    for (std::size_t i = 0; i < kOrder; i += kLanes) {
      store(load(&weights_[i]) * (load(&last_[i]) - all_lanes(scale.median)), &terms[i]);
    }
    return scale.median + add_up<kOrder>(0, terms.data());
  }

  // Learns what the forecast missed, then remembers the value.
  void learn(float value, std::optional<float> forecast, const Scale& scale) {
    if (forecast) follow(value - *forecast, scale);
    // One place on, the oldest first.
    store(load(&last_[3]), &last_[4]);
    store(load(&last_[0]), &last_[1]);
    last_[0] = value;
    if (known_ < kOrder) ++known_;
  }

  // After a gap the last values are not those before the next one; the filter stays.
  void forget_history() { known_ = 0; }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    state.numbers(self.weights_);
    state.numbers(self.last_);
    state.count(self.known_, kOrder);
  }

 private:
  static constexpr float kStep = 0.1F;
  static constexpr float kLeastPower =
      1e-3F;                                // of the history, in units: divides nothing by nothing
  static constexpr float kMostWeight = 16;  // far beyond any useful filter; bounds it for good

  void follow(float missed_by, const Scale& scale) {
    const float per_unit = 1 / scale.unit;
    std::array<float, kOrder> history;
    std::array<float, kOrder> squares;
    for (std::size_t i = 0; i < kOrder; i += kLanes) {
      const Lanes units = (load(&last_[i]) - all_lanes(scale.median)) * per_unit;
      store(units, &history[i]);
      store(units * units, &squares[i]);
    }
    const float power = add_up<kOrder>(kLeastPower, squares.data());
    const float error = std::clamp(missed_by * per_unit, -1.0F, 1.0F);
    const float gain = kStep * error / power;
    for (std::size_t i = 0; i < kOrder; i += kLanes) {
      const Lanes weights = load(&weights_[i]) + gain * load(&history[i]);
      store(greater(lesser(weights, all_lanes(kMostWeight)), all_lanes(-kMostWeight)),
            &weights_[i]);
    }
  }

  std::array<float, kOrder> weights_{};
  std::array<float, kOrder> last_{};  // newest first
  std::uint8_t known_ = 0;            // how many of last_ are values
};

}  // namespace tocsin::detect::consensus
