// RunningWindow: the running state of Skyline's detectors beside the history of one series, which
// it follows point by point.
// Errors:  none. When something happened to the history that it was not told of, it begins anew
//          from all points.
// Threads: the owner of the history.
// Cost:    the block is decoded that a leaving point lies in: measured by bench/votes. To begin
//          anew takes all points.
#pragma once

#include <cstdint>

#include "src/detect/running_skyline.hpp"
#include "src/series/history_view.hpp"

namespace tocsin::app {

class RunningWindow {
 public:
  // Before a point is appended: afterwards the window begins at `first_slot`.
  void advance(const series::HistoryView& history, std::int64_t first_slot);
  // Takes in what was appended since.
  void catch_up(const series::HistoryView& history);

  [[nodiscard]] detect::RunningSkyline& state() noexcept { return state_; }

 private:
  detect::RunningSkyline state_;
};

}  // namespace tocsin::app
