// The record low and high of each of four quantities, fading slowly, and by how much a value breaks
// them. A record is counted in tenths of the range it breaks: so it needs no distribution, and a
// series that always reaches further is not news each time.
// Cost:    some forty instructions for all four; a division where a record is broken. 48 bytes.
// Source:  `E` of ensemble A, our measurements of consensus detection.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "src/detect/consensus/lanes.hpp"

namespace tocsin::detect::consensus {

class Envelopes {
 public:
  // What a row brings, of each of the four.
  struct Row {
    Lanes values;      // NaN: none; that one neither speaks nor learns
    Lanes centres;     // to which its records fade; numbers
    Lanes tolerances;  // added to a tenth of its range: a range of nothing is not broken by nothing
    LaneMask warm;     // so many values must have come before it speaks
  };

  // How far each value is beyond its records, in tenths of their range and the tolerance; 0: within,
  // or not yet warm. Then takes the values in.
  Lanes update(const Row& row) {
    const Lanes low = load(low_.data());
    const Lanes high = load(high_.data());
    const LaneMask seen = load_seen();
    const Lanes beyond = greater(row.values - high, low - row.values);
    Lanes exceedances{};
    if (any(beyond > 0.0F)) {
      exceedances = only((beyond > 0.0F) & (seen >= row.warm),
                         beyond / (0.1F * (high - low) + row.tolerances));
    }
    take(row, low, high, seen);
    return exceedances;
  }

  // Preconditions of all: lane < 4; for the records: a value was seen.
  [[nodiscard]] float low(std::size_t lane) const { return low_[lane]; }
  [[nodiscard]] float high(std::size_t lane) const { return high_[lane]; }
  [[nodiscard]] float middle(std::size_t lane) const { return 0.5F * (low_[lane] + high_[lane]); }
  [[nodiscard]] bool seen(std::size_t lane) const { return seen_[lane] > 0; }

  template <class Self, class State>
  static void visit_lane(Self& self, std::size_t lane, State& state) {
    const bool seen_before = self.seen(lane);
    float low = seen_before ? self.low_[lane] : 0;
    float high = seen_before ? self.high_[lane] : 0;
    std::uint32_t seen = self.seen_[lane];
    state.number(low);
    state.number(high);
    state.count(seen, UINT32_MAX);
    if constexpr (State::kReads) {
      self.low_[lane] = seen > 0 ? low : kUnseen;
      self.high_[lane] = seen > 0 ? high : -kUnseen;
      self.seen_[lane] = std::min(seen, kMany);
    }
  }

 private:
  static constexpr float kUnseen = std::numeric_limits<float>::max();  // any value is lower
  static constexpr std::uint32_t kMany = 1U << 30;                     // more than any `warm`

  void take(const Row& row, Lanes low, Lanes high, LaneMask seen) {
    const LaneMask present = row.values == row.values;
    const Lanes fading = only(present, all_lanes(5e-5F));
    low = lesser(row.values, low);
    high = greater(row.values, high);
    store(settled(low + fading * (row.centres - low)), low_.data());
    store(settled(high + fading * (row.centres - high)), high_.data());
    seen -= present & (seen < static_cast<std::int32_t>(kMany));
    std::memcpy(seen_.data(), &seen, sizeof seen);
  }

  [[nodiscard]] LaneMask load_seen() const {
    LaneMask seen;
    std::memcpy(&seen, seen_.data(), sizeof seen);
    return seen;
  }

  std::array<float, kLanes> low_{kUnseen, kUnseen, kUnseen, kUnseen};
  std::array<float, kLanes> high_{-kUnseen, -kUnseen, -kUnseen, -kUnseen};
  std::array<std::uint32_t, kLanes> seen_{};  // stays at kMany
};

}  // namespace tocsin::detect::consensus
