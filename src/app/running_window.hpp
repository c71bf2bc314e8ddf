// RunningWindow: the running state of Skyline's detectors beside the history of one series, which
// it follows point by point.
// Errors:  none. When something happened to the history that it was not told of, it begins anew
//          from all points.
// Threads: the owner of the history.
// Cost:    constant to follow, as the history has what leaves the window at hand: measured by
//          bench/votes. To begin anew takes all points.
#pragma once

#include <cstdint>
#include <optional>

#include "src/detect/running_skyline.hpp"
#include "src/series/history_view.hpp"

namespace tocsin::app {

class RunningWindow {
 public:
  // What is about to be appended, and can only be refused for want of memory.
  void follow(const series::HistoryView& history, std::int64_t slot, double value);
  // Makes sure that all points of `history` have entered, and no others.
  void catch_up(const series::HistoryView& history);

  [[nodiscard]] detect::RunningSkyline& state() noexcept { return state_; }

 private:
  detect::RunningSkyline state_;
  // HistoryView::changes() of the points that have entered; none: some may have been missed.
  std::optional<std::uint32_t> changes_;
};

}  // namespace tocsin::app
