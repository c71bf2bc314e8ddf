// Record lows and highs by the time of day: what is ordinary at noon may be news at night.
// Twelve buckets of two hours. A value is held against the records of its bucket and of the two
// next to it together, so that a daily pattern may come an hour early or late.
// Source:  members 10 to 12 of ensemble A, our measurements of consensus detection.
#pragma once

#include <array>
#include <cstdint>

namespace tocsin::detect::consensus {

class DaytimeEnvelopes {
 public:
  static constexpr std::size_t kQuantities = 3;

  struct Range {
    bool known = false;  // the bucket had two visits
    float low = 0;
    float high = 0;
  };

  // Of the bucket of that hour and its neighbours. Preconditions: hour < 24, quantity < 3.
  [[nodiscard]] Range range(std::uint32_t hour, std::size_t quantity) const;

  // Within the records of the hour's own bucket, and so within range() without asking further.
  [[nodiscard]] bool is_ordinary(std::uint32_t hour, std::size_t quantity, float value) const {
    const Bucket& bucket = buckets_[hour / 2];
    return value >= bucket.low[quantity] && value <= bucket.high[quantity];
  }

  void take(std::uint32_t hour, const std::array<float, kQuantities>& values);

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    for (auto& bucket : self.buckets_) {
      state.numbers(bucket.low);
      state.numbers(bucket.high);
      state.count(bucket.visits, kManyVisits);
    }
    state.count(self.current_, kBuckets);
  }

 private:
  static constexpr std::uint32_t kBuckets = 12;
  static constexpr std::uint8_t kManyVisits = 255;

  struct Bucket {
    std::array<float, kQuantities> low{};
    std::array<float, kQuantities> high{};
    std::uint8_t visits = 0;  // stretches of time spent in it; stays at kManyVisits
  };

  std::array<Bucket, kBuckets> buckets_{};
  std::uint8_t current_ = kBuckets;  // where the last point was; kBuckets before the first
};

}  // namespace tocsin::detect::consensus
