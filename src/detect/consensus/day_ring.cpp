#include "src/detect/consensus/day_ring.hpp"

#include <algorithm>

#include "src/detect/memory/clock_of_day.hpp"

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
  missing_ = static_cast<std::uint32_t>(slots_.size() - 1);
  anchor_s_ = time_s;
}

void DayRing::add(double time_s, float value) {
  const double width_s = kDay_s / per_day_;
  const double slot = std::floor((time_s - anchor_s_) / width_s + 0.5);
  if (slot > slot_) advance(slot);
  if (rows_ < UINT32_MAX) ++rows_;
  float& mean = slots_[newest_];
  mean = rows_ == 1 ? value : mean + (value - mean) / static_cast<float>(rows_);
}

void DayRing::advance(double slot) {
  // Invariant: all positions between the newest slot's and the current one's become missing.
  const double passed = std::min(slot - slot_, static_cast<double>(slots_.size()));
  for (double i = 0; i < passed; ++i) {
    if (std::isnan(slots_[newest_])) ++missing_;
    newest_ = newest_ + 1 == slots_.size() ? 0 : newest_ + 1;
    if (std::isnan(slots_[newest_])) --missing_;
    slots_[newest_] = kMissing;
  }
  slot_ = slot;
  rows_ = 0;
  renew_means();
}

void DayRing::renew_means() {
  complete_ = total_of<kMeanSlots - 1>(1);
  yesterday_ = total_of<kMeanSlots>(per_day_);
}

void DayRing::renew_derived() {
  const auto missing = std::ranges::count_if(slots_, [](float value) { return std::isnan(value); });
  missing_ = static_cast<std::uint32_t>(missing) - (rows_ == 0 ? 1 : 0);
  renew_means();
}

std::optional<float> DayRing::nearest_yesterday(float value) const {
  constexpr std::size_t kSlots = 2 * kTolerance + 1;
  std::array<float, kSlots> copy;
  const float* const around = slots_from(per_day_ + kTolerance, copy);
  float nearest = std::numeric_limits<float>::infinity();
  for (std::size_t i = 0; i < kSlots; ++i) {
    const float distance = value - around[i];
    nearest = std::abs(distance) < std::abs(nearest) ? distance : nearest;  // never a missing one
  }
  if (std::isinf(nearest)) return std::nullopt;
  return nearest;
}

std::optional<float> DayRing::mean_change() const {
  const float present = complete_.present + 1;
  if (yesterday_.present < kLeastPresent || present < kLeastPresent) return std::nullopt;
  return (complete_.sum + slots_[newest_]) / present - yesterday_.sum / yesterday_.present;
}

template <std::size_t Count>
DayRing::Total DayRing::total_of(std::size_t first_ago) const {
  std::array<float, Count> copy;
  const float* const slots = slots_from(first_ago + Count - 1, copy);
  Total total;
  if (missing_ == 0) {
    for (std::size_t i = 0; i < Count; ++i) total.sum += slots[i];
    total.present = static_cast<float>(Count);
    return total;
  }
  for (std::size_t i = 0; i < Count; ++i) {
    if (std::isnan(slots[i])) continue;
    total.sum += slots[i];
    ++total.present;
  }
  return total;
}

template <std::size_t Count>
const float* DayRing::slots_from(std::size_t ago, std::array<float, Count>& copy) const {
  const std::size_t first = newest_ >= ago ? newest_ - ago : newest_ + slots_.size() - ago;
  const float* const begin = slots_.data() + first;
  const std::size_t until_end = slots_.size() - first;
  if (until_end >= Count) return begin;
  const auto rest = std::copy_n(begin, until_end, copy.begin());
  std::copy_n(slots_.data(), Count - until_end, rest);
  return copy.data();
}

}  // namespace tocsin::detect::consensus
