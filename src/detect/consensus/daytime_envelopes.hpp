// Record lows and highs by the time of day: what is ordinary at noon may be news at night.
// Twelve buckets of two hours. A value is held against the records of its bucket and of the two
// next to it together, so that a daily pattern may come an hour early or late. Those two learn
// nothing meanwhile: their common records are taken when the bucket is entered.
// Source:  members 10 to 12 of ensemble A, our measurements of consensus detection.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "src/detect/consensus/lanes.hpp"

namespace tocsin::detect::consensus {

class DaytimeEnvelopes {
 public:
  static constexpr std::size_t kQuantities = 3;  // the fourth lane may hold any of them again

  struct Range {
    bool known = false;  // the bucket had two visits
    float low = 0;
    float high = 0;
  };

  // The hour that all else is about until the next call. Precondition: hour < 24.
  void enter(std::uint32_t hour) {
    if (hour / 2 != entered_) look_around(hour / 2);
  }

  // Of the bucket and its neighbours. Precondition of these: an hour was entered; quantity < 3.
  [[nodiscard]] Range range(std::size_t quantity) const {
    return {known(), low()[quantity], high()[quantity]};
  }
  [[nodiscard]] bool known() const { return visits_[entered_] >= 2; }
  // By how much each value is outside the range; 0: within.
  [[nodiscard]] Lanes beyond(Lanes values) const {
    return greater(greater(values - high(), low() - values), Lanes{});
  }

  void take(Lanes values) {
    if (entered_ != current_) visit(values);
    Bucket& bucket = buckets_[entered_];
    const Lanes low = lesser(values, load(bucket.low.data()));
    const Lanes high = greater(values, load(bucket.high.data()));
    const Lanes fade = kFading * 0.5F * (high - low);
    store(settled(low + fade), bucket.low.data());
    store(settled(high - fade), bucket.high.data());
  }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    for (std::size_t i = 0; i < kBuckets; ++i) {
      auto& bucket = self.buckets_[i];
      state.numbers(std::span(bucket.low).template first<kQuantities>());
      state.numbers(std::span(bucket.high).template first<kQuantities>());
      state.count(self.visits_[i], kManyVisits);
    }
    state.count(self.current_, kBuckets);
  }

 private:
  static constexpr std::uint32_t kBuckets = 12;
  static constexpr std::uint8_t kManyVisits = 255;
  static constexpr float kFading = 1e-3F;  // towards the middle of the range, per row

  struct Bucket {
    std::array<float, kLanes> low{};
    std::array<float, kLanes> high{};
  };

  void look_around(std::uint32_t bucket);
  void visit(Lanes values);

  [[nodiscard]] Lanes low() const {
    return lesser(load(around_.low.data()), load(buckets_[entered_].low.data()));
  }
  [[nodiscard]] Lanes high() const {
    return greater(load(around_.high.data()), load(buckets_[entered_].high.data()));
  }

  Bucket around_;                    // of both neighbours; follows from them
  std::uint8_t entered_ = kBuckets;  // whose neighbours those are; kBuckets: none yet
  std::uint8_t current_ = kBuckets;  // where the last point was; kBuckets before the first
  std::array<std::uint8_t, kBuckets> visits_{};  // stretches of time spent in it; up to kManyVisits
  std::array<Bucket, kBuckets> buckets_{};       // a row touches one, behind what each row touches
};

}  // namespace tocsin::detect::consensus
