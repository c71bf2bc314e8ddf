#include "src/detect/consensus/daytime_envelopes.hpp"

#include <limits>

namespace tocsin::detect::consensus {
namespace {

constexpr float kUnseen = std::numeric_limits<float>::max();  // any value is lower

}  // namespace

void DaytimeEnvelopes::look_around(std::uint32_t bucket) {
  Lanes low = all_lanes(kUnseen);
  Lanes high = -low;
  for (const std::uint32_t step : {kBuckets - 1, 1U}) {
    const std::uint32_t next = (bucket + step) % kBuckets;
    if (visits_[next] == 0) continue;
    low = lesser(load(buckets_[next].low.data()), low);
    high = greater(load(buckets_[next].high.data()), high);
  }
  store(low, around_.low.data());
  store(high, around_.high.data());
  entered_ = static_cast<std::uint8_t>(bucket);
}

void DaytimeEnvelopes::visit(Lanes values) {
  std::uint8_t& visits = visits_[entered_];
  if (visits == 0) {
    store(values, buckets_[entered_].low.data());
    store(values, buckets_[entered_].high.data());
  }
  if (visits < kManyVisits) ++visits;
  current_ = entered_;
}

}  // namespace tocsin::detect::consensus
