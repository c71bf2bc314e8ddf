// Which votes a shard holds when, and what comes of them: the part of ShardStage that knows detectors.
#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "src/app/event_values.hpp"
#include "src/app/shard_stage.hpp"
#include "src/app/verdict_report.hpp"
#include "src/base/duration_words.hpp"

namespace tocsin::app {
namespace {

constexpr std::string_view kVotesWaitingService = "tocsin.votes.waiting";

// While an anomaly lasts its verdict is renewed this often: all votes on a day of points take
// hundreds of times as long as to see that nothing is wrong.
constexpr auto kTellAgainAfter = std::chrono::minutes(1);

}  // namespace

using series::SeriesIndex;

bool ShardStage::hold_vote() {
  if (votes_.size() == 0 || !time_.has_time()) return false;
  const std::optional<VoteQueue::Turn> turn = votes_.next(table_.slot());
  if (!turn) return false;
  work_.evaluations.add(1);
  if (const series::Slot windows = table_.slot() - turn->since; windows > 0) {
    work_.evaluations_late.add(1);
    const auto waited_s = static_cast<std::uint64_t>(windows) * options_.table.step_s;
    work_.longest_wait_s.set(std::max(waited_s, work_.longest_wait_s.get()));
  }
  judge(turn->series);
  return true;
}

bool ShardStage::teach() {
  const std::optional<SeriesIndex> series = lessons_.next(time_);
  if (!series) return false;
  SeriesState* const state = state_of(*series);  // null: it expired since
  if (state != nullptr) lessons_.teach(*state, table_.history(*series));
  return true;
}

void ShardStage::judge(SeriesIndex series) {
  SeriesState* state = state_of(series);
  if (state == nullptr) return;  // no rule concerns it any more
  const series::HistoryView history = table_.history(series);
  if (history.empty()) return;
  if (state->running == nullptr) state->running = std::make_unique<RunningWindow>();
  state->running->catch_up(history);
  reader_.open(history);
  for (WatchState& watch : state->watches) {
    const std::optional<detect::Ensemble>& ensemble = rules_->ensemble(watch.watch.watch);
    if (ensemble && ensemble->reads_window() && watch.watch.where.matches(state->event)) {
      judge_watch(*state, watch);
    }
  }
  signal(*state);
}

std::optional<detect::Verdict> ShardStage::vote(SeriesState& state, const WatchState& watch) {
  const detect::Ensemble& ensemble = ensemble_of(watch);
  const std::span<const Vote> remembered = watch.memories.votes();
  if (!ensemble.reads_window()) {
    const double value = as_double(state.event.metric).value_or(kUndefined);
    return ensemble.count(remembered, value, detect::Skip::kNone);
  }
  const detect::RunningEnsemble& running = running_ensemble_of(watch);
  detect::RunningSkyline& window = state.running->state();
  ballot_.in.reset();
  // Only what will be told of is worth all votes.
  const bool will_be_told = watch.anomaly.has_value() || watch.told_open;
  if (!will_be_told && !running.decide(window, reader_, scratch_, remembered, ballot_)) {
    return std::nullopt;
  }
  time_.look_again();
  return running.judge(window, reader_, scratch_, remembered, ballot_);
}

// Of what lasts: an anomaly, or values that are expected and would be one.
bool ShardStage::was_told_of_late(const SeriesState& state, const WatchState& watch) {
  if (state.event.time >= watch.told + kTellAgainAfter) return false;
  if (watch.anomaly) return watch.told_open;
  const double value = as_double(state.event.metric).value_or(kUndefined);
  return watch.told_withheld && watch.expecting(value) != nullptr;
}

void ShardStage::judge_watch(SeriesState& state, WatchState& watch) {
  const detect::Ensemble& ensemble = ensemble_of(watch);
  const bool was_open = watch.anomaly.has_value();
  if (was_told_of_late(state, watch)) return;
  const std::optional<detect::Verdict> voted = vote(state, watch);
  if (!voted) return;
  const detect::Verdict& verdict = *voted;
  const Feedback* const withheld_for =
      verdict.alarming && !was_open ? watch.expecting(verdict.value) : nullptr;
  if (withheld_for != nullptr) work_.verdicts_withheld.add(1);
  const bool begins = verdict.alarming && !was_open && withheld_for == nullptr;
  if (begins) {
    std::string text = explanation(ensemble, verdict, watch.memories);
    if (watch.feedback) text += watch.feedback->remark();
    // Detectors that remember say this themselves.
    if (watch.quiet_since && !watch.memories.any_fired()) {
      text += ", first since " + base::in_words(state.event.time - *watch.quiet_since);
    }
    watch.anomaly = OpenAnomaly{state.event.time, verdict.expected_low, verdict.expected_high,
                                std::move(text),  verdict.value,        state.event.time};
    work_.anomalies.add(1);
    work_.anomalies_open.set(work_.anomalies_open.get() + 1);
  }
  const bool is_open = watch.anomaly.has_value();
  // Told while it lasts, and once when it has ended; to stores also when it is withheld.
  if (!is_open && !watch.told_open && withheld_for == nullptr) return;
  const bool changed = std::exchange(watch.told_open, is_open) != is_open;
  watch.told = state.event.time;
  watch.told_withheld = withheld_for != nullptr;
  std::string text;
  if (is_open) {
    text = watch.anomaly->text;
  } else {
    text = changed ? watch.farewell : "withheld, " + withheld_for->words();
    text += "; " + explanation(ensemble, verdict, watch.memories);
  }
  const VerdictReport report{state, watch, ensemble, verdict, is_open, text};
  report.records(encoder_, [this](Record record) { put(std::move(record)); });
  // What stores hold has a ttl; an event stands until the next one.
  if (changed || begins) remark(state, "verdict", report.event());
}

void ShardStage::tell_waiting() {
  const auto took = static_cast<std::uint64_t>(time_.spent().count());
  work_.tick_ns.set(std::max(took, work_.tick_ns.get()));
  work_.longest_tick_ns.set(std::max(took, work_.longest_tick_ns.get()));
  work_.lessons_waiting.set(lessons_.waiting());
  const std::uint64_t waiting = votes_.size();
  work_.evaluations_waiting.set(waiting);
  const series::Slot slot = table_.slot();
  const std::uint64_t put_off = work_.evaluations_late.get() + work_.evaluations_skipped.get();
  if (std::exchange(put_off_, put_off) != put_off) behind_slot_ = slot;
  // Said in each window, for an event does not live for ever; over when a whole window was in time.
  const bool is_behind = behind_slot_ > 0 && slot <= behind_slot_ + 1;
  if (is_behind && behind_told_ != slot) {
    behind_told_ = slot;
    announce(kVotesWaitingService, state::kWarning, waiting,
             "series wait for their votes: a tick has no time for all (detect.time_share)");
  } else if (!is_behind && behind_told_ >= 0 && waiting == 0) {
    behind_told_ = -1;
    announce(kVotesWaitingService, state::kOk, 0, "every vote is held in time again");
  }
}

}  // namespace tocsin::app
