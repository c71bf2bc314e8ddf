// How a shard goes by what operators say of the alarms of its series: the part of ShardStage that
// knows feedback (feedback.hpp).
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "src/app/event_values.hpp"
#include "src/app/shard_stage.hpp"
#include "src/event/event_access.hpp"

namespace tocsin::app {

using series::kNoSeries;
using series::SeriesIndex;

void ShardStage::adopt(FeedbackBySeriesPtr feedback) {
  // What it still votes on goes by what was said before, votes that were put off by what is said now.
  finish_window();
  const FeedbackBySeriesPtr before = std::exchange(feedback_, std::move(feedback));
  const auto renew = [this](const event::Hash128& id) {
    const SeriesIndex series = table_.find(id);
    SeriesState* const state = series == kNoSeries ? nullptr : state_of(series);
    if (state == nullptr) return;
    for (WatchState& watch : state->watches) renew_feedback(*state, watch, now_);
    signal(*state);
  };
  for (const auto& [id, given] : *feedback_) {
    const auto same = before->find(id);
    if (same == before->end() || same->second != given) renew(id);
  }
  for (const auto& [id, given] : *before) {
    if (!feedback_->contains(id)) renew(id);
  }
}

const detect::Ensemble& ShardStage::ensemble_of(const WatchState& watch) const {
  const detect::Ensemble* const clearer = watch.feedback ? watch.feedback->ensemble() : nullptr;
  return clearer != nullptr ? *clearer : *rules_->ensemble(watch.watch.watch);
}

const detect::RunningEnsemble& ShardStage::running_ensemble_of(const WatchState& watch) const {
  const bool clearer = watch.feedback && watch.feedback->ensemble() != nullptr;
  return clearer ? watch.feedback->running() : rules_->running_ensemble(watch.watch.watch);
}

void ShardStage::find_feedback(const SeriesState& state, WatchState& watch, TimePoint now) const {
  const auto given = feedback_->find(state.id);
  watch.feedback = given == feedback_->end()
                       ? nullptr
                       : WatchFeedback::make(given->second, watch.name,
                                             *rules_->ensemble(watch.watch.watch), now);
}

void ShardStage::renew_feedback(const SeriesState& state, WatchState& watch, TimePoint now) {
  if (!rules_->ensemble(watch.watch.watch)) return;
  const std::unique_ptr<WatchFeedback> before = std::move(watch.feedback);
  find_feedback(state, watch, now);
  Memories memories(ensemble_of(watch), lessons_.account());
  memories.take_over(watch.memories);
  watch.memories = std::move(memories);
  if (!watch.anomaly || !watch.feedback) return;
  const auto is_new = [&](const FeedbackPtr& feedback) {
    return !before || std::ranges::find(before->in_force(), feedback) == before->in_force().end();
  };
  const double value = as_double(state.event.metric).value_or(kUndefined);
  for (const FeedbackPtr& feedback : watch.feedback->in_force()) {
    // What goes beyond the range goes on.
    const bool is_meant = feedback->kind == FeedbackKind::kNoise || feedback->range.holds(value);
    if (!is_new(feedback) || !is_meant) continue;
    return end_anomaly(watch, watch.anomaly->farewell(feedback->words() + ",", now), now);
  }
}

SeriesIndex ShardStage::subjects(const FeedbackSelection& selection, SeriesIndex from,
                                 std::size_t count, std::size_t limit,
                                 std::vector<FeedbackSubject>& out) const {
  SeriesIndex series = from;
  for (; count > 0 && series < table_.end() && out.size() < limit; --count, ++series) {
    const SeriesState* const state = table_.live(series) ? state_of(series) : nullptr;
    // Events are held against thresholds and not voted on.
    if (state == nullptr || table_.identity(series).kind == SeriesKind::kEvent) continue;
    const bool is_meant = selection.series ? *selection.series == state->id
                                           : selection.where.matches(current_event(series));
    if (!is_meant) continue;
    for (const WatchState& watch : state->watches) {
      const auto& ensemble = rules_->ensemble(watch.watch.watch);
      if (!ensemble || (!selection.watch.empty() && selection.watch != watch.name)) continue;
      FeedbackSubject& subject = out.emplace_back();
      subject.series = state->id;
      subject.host = state->event.host;
      subject.service = state->event.service;
      subject.watch = watch.name;
      subject.most_noise = WatchFeedback::most_noise(*ensemble);
      subject.anomalous = watch.anomaly ? watch.anomaly->range() : watch.last_range;
    }
  }
  return series < table_.end() && out.size() < limit ? series : 0;
}

void ShardStage::end_anomaly(WatchState& watch, std::string why, TimePoint now) {
  watch.end_anomaly(std::move(why), now);
  work_.anomalies_open.set(work_.anomalies_open.get() - 1);
}

}  // namespace tocsin::app
