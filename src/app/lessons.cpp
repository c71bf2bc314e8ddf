#include "src/app/lessons.hpp"

#include <chrono>
#include <utility>

#include "src/app/event_values.hpp"

namespace tocsin::app {
namespace {

// Of an event whose metric is a number.
Point point_of(const Event& event) {
  return {std::chrono::duration<double>(event.time.time_since_epoch()).count(),
          as_double(event.metric).value_or(0)};
}

}  // namespace

void Lessons::hear(series::SeriesIndex series, SeriesState& state,
                   const series::HistoryView& history) {
  for (WatchState& watch : state.watches) {
    if (!watch.memories.wanted() || !watch.watch.where.matches(state.event)) continue;
    if (!watch.memories.ready()) {
      if (state.waits_to_learn || (watch.no_room && !account_.has_room())) continue;
      // What was before comes first; its turn may be some ticks away.
      if (history.size() > 1) {
        state.waits_to_learn = true;
        waiting_.push_back(series);
        continue;
      }
      if (!make(watch)) continue;
    }
    watch.memories.update(point_of(state.event));
  }
}

std::optional<series::SeriesIndex> Lessons::next(TimeBudget& time) {
  if (waiting_.empty()) return std::nullopt;
  time.look_again();
  if (!std::exchange(is_first_, false) && !time.has_time()) return std::nullopt;
  const series::SeriesIndex series = waiting_.front();
  waiting_.pop_front();
  return series;
}

void Lessons::teach(SeriesState& state, const series::HistoryView& history) {
  state.waits_to_learn = false;
  Event past = state.event;
  for (WatchState& watch : state.watches) {
    if (!watch.memories.wanted() || watch.memories.ready() || !make(watch)) continue;
    history.for_each([&](series::Slot slot, double value) {
      past.time = TimePoint(std::chrono::seconds((slot + 1) * step_s_));
      past.metric = as_metric(value);
      if (watch.watch.where.matches(past)) watch.memories.update(point_of(past));
    });
  }
}

bool Lessons::make(WatchState& watch) {
  watch.no_room = !account_.has_room();
  if (watch.no_room) {
    ++refused_;
    return false;
  }
  watch.memories.make();
  return true;
}

}  // namespace tocsin::app
