#include "src/series/ddsketch.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

namespace tocsin::series {
namespace {

constexpr std::int32_t kLeastRoom = 32;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

bool BucketWeights::reach(Arena& arena, std::int32_t low, std::int32_t high) noexcept {
  if (!empty()) {
    low = std::min(low, low_);
    high = std::max(high, high_);
  }
  // The rule that makes the result independent of order: of the final range, the top 2048 count.
  low = std::max(low, high - kMaxBuckets + 1);
  if (low < origin_ || high >= origin_ + room_) return move_window(arena, low, high);
  if (empty()) low_ = low;
  // Inside the room, but the range may still have to give up its low end.
  double* const cells = arena.as<double>(cells_);
  for (; low_ < low; ++low_) {
    cells[low_ + 1 - origin_] += std::exchange(cells[low_ - origin_], 0.0);
  }
  low_ = low;
  high_ = high;
  return true;
}

bool BucketWeights::move_window(Arena& arena, std::int32_t low, std::int32_t high) noexcept {
  const std::int32_t needed = high - low + 1;
  const std::int32_t room = std::max(
      kLeastRoom, static_cast<std::int32_t>(std::bit_ceil(static_cast<std::uint32_t>(needed))));
  const Arena::Ref cells = arena.allocate(static_cast<std::size_t>(room) * sizeof(double));
  if (cells == Arena::kNone) return false;
  const std::int32_t origin = low - (room - needed) / 2;
  double* const to = arena.as<double>(cells);
  std::fill_n(to, room, 0.0);
  for (std::int32_t index = low_; index <= high_; ++index) {
    to[std::max(index, low) - origin] += at(arena, index);
  }
  release(arena);
  cells_ = cells;
  room_ = room;
  origin_ = origin;
  low_ = low;
  high_ = high;
  return true;
}

void BucketWeights::release(Arena& arena) noexcept {
  if (cells_ != Arena::kNone) arena.release(cells_, memory_bytes());
  *this = {};
}

std::size_t BucketWeights::memory_bytes() const noexcept {
  return static_cast<std::size_t>(room_) * sizeof(double);
}

DdSketch::DdSketch(Arena& arena, double relative_error) noexcept
    : arena_(&arena), mapping_(relative_error) {}

DdSketch::DdSketch(DdSketch&& other) noexcept
    : DdSketch(*other.arena_, other.mapping_.relative_error()) {
  *this = std::move(other);
}

DdSketch& DdSketch::operator=(DdSketch&& other) noexcept {
  if (this == &other) return *this;
  clear();
  arena_ = other.arena_;
  mapping_ = other.mapping_;
  positive_ = std::exchange(other.positive_, {});
  negative_ = std::exchange(other.negative_, {});
  zeros_ = other.zeros_;
  totals_ = other.totals_;
  other.clear();
  return *this;
}

bool DdSketch::add(double value, double weight) noexcept {
  if (!std::isfinite(value) || !std::isfinite(weight) || weight <= 0) return false;
  if (value == 0) {
    zeros_ += weight;
  } else {
    BucketWeights& side = value > 0 ? positive_ : negative_;
    const std::int32_t index = mapping_.index(std::abs(value));
    if (!side.covers(index) && !side.reach(*arena_, index, index)) return false;
    side.add(*arena_, index, weight);
  }
  totals_.add(value, weight);
  return true;
}

bool DdSketch::add(std::span<const double> values) noexcept {
  // The largest and smallest magnitude of each sign say which buckets are needed.
  struct Reach {
    double least = kInfinity;
    double most = 0;
  };
  Reach above;
  Reach below;
  for (const double value : values) {
    if (!std::isfinite(value)) return false;
    if (value == 0) continue;
    Reach& reach = value > 0 ? above : below;
    reach.least = std::min(reach.least, std::abs(value));
    reach.most = std::max(reach.most, std::abs(value));
  }
  const auto make_room = [&](BucketWeights& side, const Reach& reach) {
    return reach.most == 0 ||
           side.reach(*arena_, mapping_.index(reach.least), mapping_.index(reach.most));
  };
  if (!make_room(positive_, above) || !make_room(negative_, below)) return false;
  // On a copy: the compiler cannot know that a bucket is not one of these members, and would store
  // and load them for every value.
  Totals totals = totals_;
  for (const double value : values) {
    if (value == 0) {
      zeros_ += 1;
    } else {
      (value > 0 ? positive_ : negative_).add(*arena_, mapping_.index(std::abs(value)), 1);
    }
    totals.add(value, 1);
  }
  totals_ = totals;
  return true;
}

void DdSketch::add_nearest(std::span<const double> values) noexcept {
  for (const double value : values) {
    BucketWeights& side = value > 0 ? positive_ : negative_;
    if (value == 0 || side.empty()) {
      zeros_ += 1;
    } else {
      side.add(*arena_, side.nearest(mapping_.index(std::abs(value))), 1);
    }
    totals_.add(value, 1);
  }
}

bool DdSketch::merge(const DdSketch& other) noexcept {
  assert(relative_error() == other.relative_error());
  const auto reach = [&](BucketWeights& mine, const BucketWeights& theirs) {
    return theirs.empty() || mine.reach(*arena_, theirs.low(), theirs.high());
  };
  if (!reach(positive_, other.positive_) || !reach(negative_, other.negative_)) return false;
  const auto take = [&](BucketWeights& mine, const BucketWeights& theirs) {
    for (std::int32_t index = theirs.low(); index <= theirs.high(); ++index) {
      const double weight = theirs.at(*other.arena_, index);
      if (weight > 0) mine.add(*arena_, index, weight);
    }
  };
  take(positive_, other.positive_);
  take(negative_, other.negative_);
  zeros_ += other.zeros_;
  totals_.count += other.totals_.count;
  totals_.sum.add(other.totals_.sum);
  totals_.min = std::min(totals_.min, other.totals_.min);
  totals_.max = std::max(totals_.max, other.totals_.max);
  return true;
}

void DdSketch::clear() noexcept {
  positive_.release(*arena_);
  negative_.release(*arena_);
  zeros_ = 0;
  totals_ = {};
}

double DdSketch::quantile(double q) const noexcept {
  // Fractional ranks only come from fractional weights; whole ones are rounded down as promised.
  return value_at_rank(std::clamp(q, 0.0, 1.0) * std::max(0.0, totals_.count - 1));
}

double DdSketch::value_at_rank(double rank) const noexcept {
  if (totals_.count == 0) return std::numeric_limits<double>::quiet_NaN();
  double passed = 0;
  double found = totals_.max;
  visit_ascending([&](double value, double weight) {
    passed += weight;
    if (passed <= rank) return true;
    found = value;
    return false;
  });
  return found;
}

bool DdSketch::same_distribution(const DdSketch& other) const noexcept {
  const auto same = [&](const BucketWeights& mine, const BucketWeights& theirs) {
    if (mine.empty() || theirs.empty()) return mine.empty() == theirs.empty();
    if (mine.low() != theirs.low() || mine.high() != theirs.high()) return false;
    for (std::int32_t index = mine.low(); index <= mine.high(); ++index) {
      if (mine.at(*arena_, index) != theirs.at(*other.arena_, index)) return false;
    }
    return true;
  };
  return same(positive_, other.positive_) && same(negative_, other.negative_) &&
         zeros_ == other.zeros_ && totals_.count == other.totals_.count &&
         totals_.min == other.totals_.min && totals_.max == other.totals_.max;
}

}  // namespace tocsin::series
