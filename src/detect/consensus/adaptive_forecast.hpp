// Forecasts the next value from the last eight by a linear filter that learns as it goes.
//   forecast = median + unit * sum w_i h_i,   h_i = (value i rows ago - median) / unit
//   w += .1 clip(error, 1) h / (|h|^2 + a little)      normalised least mean squares
// The clipped error keeps one spike from bending the filter.
// Source:  B. Widrow, S. Stearns, "Adaptive Signal Processing", 1985; normalisation by J. Nagumo,
//          A. Noda, 1967. Member a of ensemble A.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "src/detect/consensus/value_scale.hpp"

namespace tocsin::detect::consensus {

class AdaptiveForecast {
 public:
  static constexpr std::size_t kOrder = 8;

  // Of the value to come; nothing until eight values in a row were seen.
  [[nodiscard]] std::optional<float> forecast(const Scale& scale) const;

  // Learns what the forecast missed, then remembers the value.
  void learn(float value, std::optional<float> forecast, const Scale& scale);

  // After a gap the last values are not those before the next one; the filter stays.
  void forget_history() { known_ = 0; }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    state.numbers(self.weights_);
    state.numbers(self.last_);
    state.count(self.known_, kOrder);
  }

 private:
  std::array<float, kOrder> weights_{};
  std::array<float, kOrder> last_{};  // newest first
  std::uint8_t known_ = 0;            // how many of last_ are values
};

}  // namespace tocsin::detect::consensus
