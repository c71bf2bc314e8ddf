// Lessons: has the detectors that remember take in their series' points, and teaches them what was
// before they were wanted: a history of a day takes milliseconds, so it is done as time allows, in
// turn, and at least one a tick.
// Memory:  detectors beyond the account's limit are not made, and counted; they are made when there
//          is room again.
// Threads: one owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "src/app/memories.hpp"
#include "src/app/series_state.hpp"
#include "src/app/time_budget.hpp"
#include "src/series/history_view.hpp"
#include "src/series/series_table.hpp"

namespace tocsin::app {

class Lessons {
 public:
  // `bytes`: for all detectors; `step_s`: seconds of a slot.
  Lessons(std::size_t bytes, std::uint32_t step_s) : account_{.limit = bytes}, step_s_(step_s) {}
  Lessons(const Lessons&) = delete;
  Lessons& operator=(const Lessons&) = delete;

  [[nodiscard]] MemoryAccount& account() noexcept { return account_; }
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }
  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.size(); }  // series

  // The newest point, which stands in `state.event` and in the history. Where detectors have still
  // to be taught they take no part.
  void hear(series::SeriesIndex series, SeriesState& state, const series::HistoryView& history);

  void begin_tick() noexcept { is_first_ = true; }
  // Whose detectors are to be taught now, by teach(); none: nobody's in this tick.
  [[nodiscard]] std::optional<series::SeriesIndex> next(TimeBudget& time);
  void teach(SeriesState& state, const series::HistoryView& history);

 private:
  // False: there is no room for them.
  bool make(WatchState& watch);

  MemoryAccount account_;
  std::uint32_t step_s_;
  std::deque<series::SeriesIndex> waiting_;
  bool is_first_ = false;  // the next one of this tick
  std::uint64_t refused_ = 0;
};

}  // namespace tocsin::app
