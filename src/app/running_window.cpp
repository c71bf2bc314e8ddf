#include "src/app/running_window.hpp"

namespace tocsin::app {

void RunningWindow::follow(const series::HistoryView& history, std::int64_t slot, double value) {
  if (changes_ != history.changes()) {
    changes_.reset();
    return;
  }
  history.for_each_leaving(
      slot, [&](std::int64_t left, double old_value) { state_.leave(left, old_value); });
  state_.enter(slot, value);
  ++*changes_;  // as the history will, unless its memory is full
}

void RunningWindow::catch_up(const series::HistoryView& history) {
  if (changes_ == history.changes()) return;
  state_ = {};
  history.for_each([&](std::int64_t slot, double value) { state_.enter(slot, value); });
  changes_ = history.changes();
}

}  // namespace tocsin::app
