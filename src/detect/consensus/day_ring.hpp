// The last day of a series, by slots of the clock, for comparison with yesterday.
// A slot is a row's time wide, or wider for fast series: then it holds the mean of its rows. A slot
// that no row fell into is missing, not old: after a gap nothing is compared with the wrong time.
//   ring:  newest slot, then backwards one day and twelve slots
// Cost:    35 to 503 floats, taken once, when the time between rows is known.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "src/detect/consensus/lanes.hpp"

namespace tocsin::detect::consensus {

class DayRing {
 public:
  static constexpr std::size_t kMostSlotsPerDay = 480;  // three minutes each
  static constexpr std::size_t kLeastSlotsPerDay = 12;  // slower series have no day to compare
  static constexpr std::size_t kMeanSlots = 12;

  // Slots are centred on `time_s` and on each multiple of their width from it: rows that jitter
  // around their time stay in their slot.
  void start(double time_s, double step_s);
  [[nodiscard]] bool started() const { return !slots_.empty(); }
  [[nodiscard]] std::size_t slots_per_day() const { return per_day_; }

  // Precondition: started.
  void add(double time_s, float value);

  // The smallest signed distance of `value` from yesterday's slots three before to three after this
  // time; nothing when all are missing.
  [[nodiscard]] std::optional<float> nearest_yesterday(float value) const;
  // The mean of the last twelve slots less that of the twelve a day before them; nothing when
  // half of either are missing.
  [[nodiscard]] std::optional<float> mean_change() const {
    const float present = complete_.present + 1;
    if (yesterday_.present < kLeastPresent || present < kLeastPresent) return std::nullopt;
    return (complete_.sum + slots_[newest_]) / present - yesterday_.sum / yesterday_.present;
  }

  [[nodiscard]] std::size_t memory_bytes() const { return slots_.capacity() * sizeof(float); }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    state.count(self.per_day_, kMostSlotsPerDay);
    if (self.per_day_ == 0) return;
    state.require(self.per_day_ >= kLeastSlotsPerDay);
    if constexpr (State::kReads) self.make_slots();
    state.number(self.anchor_s_, -kLargestTime_s, kLargestTime_s);
    state.number(self.slot_);
    state.count(self.newest_, self.size_ - 1);
    state.count(self.rows_, UINT32_MAX);
    state.numbers_or_missing(std::span(self.slots_).first(self.size_));
    state.require(self.slot_ >= 0 && self.slot_ == std::floor(self.slot_));
    // The newest slot is missing until a row came.
    state.require((self.rows_ == 0) == std::isnan(self.slots_[self.newest_]));
    if constexpr (State::kReads) self.renew_derived();
  }

 private:
  static constexpr float kMissing = kNoValue;
  static constexpr std::uint32_t kAgain = kMeanSlots - 1;
  static constexpr double kLargestTime_s = 1e13;  // of any point; slots of it are counted

  static constexpr float kLeastPresent = 6;  // of twelve, for a mean

  struct Total {
    float sum = 0;
    float present = 0;  // how many slots it is the sum of
  };

  void advance(double slot);
  void pass_slot();
  void renew_means();
  void renew_derived();
  // Of consecutive slots up to the one so many before the newest.
  template <std::size_t Count>
  [[nodiscard]] Total total_of(std::size_t first_ago) const;
  // Up to twelve consecutive slots from the one so many before the newest, oldest first.
  [[nodiscard]] const float* slots_from(std::size_t ago) const {
    return slots_.data() + (newest_ >= ago ? newest_ - ago : newest_ + size_ - ago);
  }
  void set_newest(float value) {
    slots_[newest_] = value;
    if (newest_ < kAgain) slots_[newest_ + size_] = value;
  }
  void make_slots();

  // Values by position; behind the last the first eleven again: twelve are never cut in two.
  std::vector<float> slots_;
  double anchor_s_ = 0;       // the middle of slot 0
  double slot_ = 0;           // number of the newest; whole
  std::uint32_t newest_ = 0;  // its position
  std::uint32_t rows_ = 0;    // in it; stays at its largest
  std::uint32_t size_ = 0;    // of the ring
  std::uint16_t per_day_ = 0;

  // Follow from the above; renewed when a slot begins, which for fast series is not with each row.
  double width_s_ = 0;         // of a slot
  Total complete_;             // the eleven slots before the newest
  Total yesterday_;            // the twelve up to a day before it
  std::uint32_t missing_ = 0;  // of all slots but the newest
};

}  // namespace tocsin::detect::consensus
