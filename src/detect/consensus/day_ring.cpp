#include "src/detect/consensus/day_ring.hpp"

#include <algorithm>
#include <limits>

#include "src/detect/memory/clock_of_day.hpp"

namespace tocsin::detect::consensus {
namespace {

constexpr std::size_t kTolerance = 3;  // slots by which yesterday may be early or late

}  // namespace

void DayRing::start(double time_s, double step_s) {
  const double rows = std::round(kDay_s / step_s);
  if (rows < static_cast<double>(kLeastSlotsPerDay)) return;
  per_day_ = static_cast<std::uint16_t>(std::min(rows, static_cast<double>(kMostSlotsPerDay)));
  make_slots();
  anchor_s_ = time_s;
  renew_derived();
}

void DayRing::add(double time_s, float value) {
  // Cut off and not rounded down, which is the same from the first slot on; no earlier one is entered.
  const double slot =
      static_cast<double>(static_cast<std::int64_t>((time_s - anchor_s_) / width_s_ + 0.5));
  if (slot > slot_) advance(slot);
  if (rows_ < UINT32_MAX) ++rows_;
  const float mean = slots_[newest_];
  set_newest(rows_ == 1 ? value : mean + (value - mean) / static_cast<float>(rows_));
}

inline void DayRing::advance(double slot) {
  pass_slot();
  // All slots between, that no row fell into, become missing.
  const double passed = std::min(slot - slot_, static_cast<double>(size_));
  for (double i = 1; i < passed; ++i) pass_slot();
  slot_ = slot;
  rows_ = 0;
  renew_means();
}

// Invariant: missing_ counts all slots but the newest.
inline void DayRing::pass_slot() {
  if (std::isnan(slots_[newest_])) ++missing_;
  newest_ = newest_ + 1 == size_ ? 0 : newest_ + 1;
  if (std::isnan(slots_[newest_])) --missing_;
  set_newest(kMissing);
}

void DayRing::make_slots() {
  size_ = per_day_ + static_cast<std::uint32_t>(kMeanSlots);
  slots_.assign(size_ + kAgain, kMissing);
}

void DayRing::renew_means() {
  complete_ = total_of<kMeanSlots - 1>(1);
  yesterday_ = total_of<kMeanSlots>(per_day_);
}

void DayRing::renew_derived() {
  std::copy_n(slots_.begin(), kAgain, slots_.begin() + size_);
  const auto missing = std::count_if(slots_.begin(), slots_.begin() + size_,
                                     [](float value) { return std::isnan(value); });
  missing_ = static_cast<std::uint32_t>(missing) - (rows_ == 0 ? 1 : 0);
  width_s_ = kDay_s / per_day_;
  renew_means();
}

std::optional<float> DayRing::nearest_yesterday(float value) const {
  constexpr std::size_t kSlots = 2 * kTolerance + 1;
  const float* const around = slots_from(per_day_ + kTolerance);
  // The nearest on each side, of four slots and of the other three with one of the four again. A
  // missing slot is on neither.
  constexpr float kNone = std::numeric_limits<float>::infinity();
  const Lanes earlier = value - load(around);
  const Lanes later = value - load(around + kSlots - kLanes);
  const Lanes none = all_lanes(kNone);
  const Lanes above = lesser(earlier >= 0.0F ? earlier : none, later >= 0.0F ? later : none);
  const Lanes below = lesser(earlier < 0.0F ? -earlier : none, later < 0.0F ? -later : none);
  const float least_above = least_of(above);
  const float least_below = least_of(below);
  if (least_above < least_below) return least_above;
  if (least_above > least_below) return -least_below;
  if (least_above == kNone) return std::nullopt;
  // As far on either side: the slot that came first.
  for (std::size_t i = 0; i < kSlots; ++i) {
    const float distance = value - around[i];
    if (std::abs(distance) == least_above) return distance;
  }
  return std::nullopt;
}

template <std::size_t Count>
inline DayRing::Total DayRing::total_of(std::size_t first_ago) const {
  const float* const slots = slots_from(first_ago + Count - 1);
  if (missing_ == 0) {
    return {add_up<Count>(0, slots), static_cast<float>(Count)};
  }
  Total total;
  for (std::size_t i = 0; i < Count; ++i) {
    if (std::isnan(slots[i])) continue;
    total.sum += slots[i];
    ++total.present;
  }
  return total;
}

}  // namespace tocsin::detect::consensus
