#include "src/detect/consensus/daytime_envelopes.hpp"

#include <algorithm>

#include "src/detect/consensus/settled.hpp"

namespace tocsin::detect::consensus {
namespace {

constexpr float kFading = 1e-3F;  // towards the middle of the range, per row

}  // namespace

DaytimeEnvelopes::Range DaytimeEnvelopes::range(std::uint32_t hour, std::size_t quantity) const {
  const std::uint32_t centre = hour / 2;
  const Bucket& bucket = buckets_[centre];
  Range range{bucket.visits >= 2, bucket.low[quantity], bucket.high[quantity]};
  const Bucket& before = buckets_[centre == 0 ? kBuckets - 1 : centre - 1];
  const Bucket& after = buckets_[centre == kBuckets - 1 ? 0 : centre + 1];
  for (const Bucket* const next : {&before, &after}) {
    if (next->visits == 0) continue;
    range.low = std::min(range.low, next->low[quantity]);
    range.high = std::max(range.high, next->high[quantity]);
  }
  return range;
}

void DaytimeEnvelopes::take(std::uint32_t hour, const std::array<float, kQuantities>& values) {
  const std::uint32_t number = hour / 2;
  Bucket& bucket = buckets_[number];
  if (bucket.visits == 0) bucket.low = bucket.high = values;
  if (number != current_ && bucket.visits < kManyVisits) ++bucket.visits;
  current_ = static_cast<std::uint8_t>(number);
  for (std::size_t i = 0; i < kQuantities; ++i) {
    const float low = std::min(bucket.low[i], values[i]);
    const float high = std::max(bucket.high[i], values[i]);
    const float fade = kFading * 0.5F * (high - low);
    bucket.low[i] = settled(low + fade);
    bucket.high[i] = settled(high - fade);
  }
}

}  // namespace tocsin::detect::consensus
