#include "src/detect/consensus/day_ring.hpp"

#include <algorithm>

#include "src/detect/consensus/clock_of_day.hpp"

namespace tocsin::detect::consensus {
namespace {

constexpr std::size_t kTolerance = 3;  // slots by which yesterday may be early or late
constexpr float kLeastPresent = 6;     // of twelve, for a mean

}  // namespace

void DayRing::start(double time_s, double step_s) {
  const double rows = std::round(kDay_s / step_s);
  if (rows < static_cast<double>(kLeastSlotsPerDay)) return;
  per_day_ = static_cast<std::uint16_t>(std::min(rows, static_cast<double>(kMostSlotsPerDay)));
  slots_.assign(per_day_ + kMeanSlots, kMissing);
  anchor_s_ = time_s;
}

void DayRing::add(double time_s, float value) {
  const double width_s = kDay_s / per_day_;
  const double slot = std::floor((time_s - anchor_s_) / width_s + 0.5);
  // Invariant: all positions between the newest slot's and the current one's become missing.
  const double passed = std::min(slot - slot_, static_cast<double>(slots_.size()));
  for (double i = 0; i < passed; ++i) {
    newest_ = newest_ + 1 == slots_.size() ? 0 : newest_ + 1;
    slots_[newest_] = kMissing;
  }
  if (passed > 0) {
    slot_ = slot;
    rows_ = 0;
  }
  if (rows_ < UINT32_MAX) ++rows_;
  float& mean = slots_[newest_];
  mean = rows_ == 1 ? value : mean + (value - mean) / static_cast<float>(rows_);
}

std::optional<float> DayRing::nearest_yesterday(float value) const {
  const auto around = slots_from<2 * kTolerance + 1>(per_day_ + kTolerance);
  float nearest = std::numeric_limits<float>::infinity();
  for (const float then : around) {
    const float distance = value - then;
    if (std::abs(distance) < std::abs(nearest)) nearest = distance;  // false for a missing one
  }
  if (std::isinf(nearest)) return std::nullopt;
  return nearest;
}

std::optional<float> DayRing::mean_change() const {
  const std::optional<float> yesterday = mean_of(per_day_);
  if (!yesterday) return std::nullopt;
  const std::optional<float> today = mean_of(0);
  if (!today) return std::nullopt;
  return *today - *yesterday;
}

std::optional<float> DayRing::mean_of(std::size_t first_ago) const {
  const auto slots = slots_from<kMeanSlots>(first_ago + kMeanSlots - 1);
  constexpr std::size_t kLanes = 4;  // partial sums: additions need not wait for each other
  std::array<float, kLanes> sums{};
  std::array<float, kLanes> present{};
  for (std::size_t i = 0; i < kMeanSlots; ++i) {
    const bool here = !std::isnan(slots[i]);
    sums[i % kLanes] += here ? slots[i] : 0;
    present[i % kLanes] += here ? 1 : 0;
  }
  const float count = (present[0] + present[1]) + (present[2] + present[3]);
  if (count < kLeastPresent) return std::nullopt;
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) / count;
}

template <std::size_t Count>
std::array<float, Count> DayRing::slots_from(std::size_t ago) const {
  const std::size_t first = newest_ >= ago ? newest_ - ago : newest_ + slots_.size() - ago;
  const std::size_t until_end = std::min(slots_.size() - first, Count);
  std::array<float, Count> found;
  const auto begin = slots_.begin() + static_cast<std::ptrdiff_t>(first);
  if (until_end == Count) {  // a length that is known is copied in a few moves
    std::copy_n(begin, Count, found.begin());
  } else {
    const auto rest = std::copy_n(begin, until_end, found.begin());
    std::copy_n(slots_.begin(), Count - until_end, rest);
  }
  return found;
}

}  // namespace tocsin::detect::consensus
