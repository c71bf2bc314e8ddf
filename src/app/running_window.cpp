#include "src/app/running_window.hpp"

namespace tocsin::app {

void RunningWindow::advance(const series::HistoryView& history, std::int64_t first_slot) {
  if (history.empty() || state_.count() == 0) return;
  history.for_each_before(first_slot, [&](std::int64_t slot, double value) {
    // What did not enter cannot leave: then the counts will not agree, and it begins anew.
    if (state_.count() > 0 && slot <= state_.newest_slot()) state_.leave(slot, value);
  });
}

void RunningWindow::catch_up(const series::HistoryView& history) {
  const auto enter = [&](std::int64_t slot, double value) { state_.enter(slot, value); };
  if (!history.empty() && state_.count() > 0) {
    history.for_each_from(state_.newest_slot() + 1, enter);
  }
  if (state_.count() == history.size()) return;
  state_ = {};
  history.for_each(enter);
}

}  // namespace tocsin::app
