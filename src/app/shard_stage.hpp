// One shard: owns its series and does to them what the rules say. Samples go to windows; closed
// windows go to history, are held against thresholds, and are put to the vote; what changes is told
// to the roll-up thread, what is a result to the publisher.
//
// Order:   what a tick causes is done before the report of that tick leaves, and before the next
//          tick is begun; but votes and lessons beyond the tick's time wait for the next ones
//          (docs/decisions/0021). In between, the work is cut into small pieces (work()), so that
//          samples keep flowing.
// Threads: all of it is the shard's thread, except what says otherwise.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/app/compiled_rules.hpp"
#include "src/app/feedback.hpp"
#include "src/app/feedback_request.hpp"
#include "src/app/forwarding.hpp"
#include "src/app/history_reader.hpp"
#include "src/app/kept_events.hpp"
#include "src/app/lessons.hpp"
#include "src/app/messages.hpp"
#include "src/app/series_state.hpp"
#include "src/app/shard_counters.hpp"
#include "src/app/statistics.hpp"
#include "src/app/time_budget.hpp"
#include "src/app/vote_queue.hpp"
#include "src/app/watch_feedback.hpp"
#include "src/pipeline/counters.hpp"
#include "src/pipeline/shard_loop.hpp"
#include "src/publish/publisher.hpp"
#include "src/publish/records.hpp"
#include "src/series/series_table.hpp"
#include "src/settings/settings.hpp"

namespace tocsin::app {

struct ShardOptions {
  series::TableOptions table;
  std::size_t lanes = 1;
  TimePoint started{};                                                  // of the daemon
  std::chrono::nanoseconds vote_time = std::chrono::milliseconds(700);  // in a tick
  TimeBudget::Clock clock = TimeBudget::steady_clock;                   // for that alone
  std::size_t detector_bytes = std::size_t{2} << 30;  // for detectors that remember
  std::string key_prefix = "tocsin:";
  statsd::NamingStyle names = statsd::NamingStyle::kPlain;  // of statistics in results
  std::vector<settings::HistogramBins> histogram;
  publish::Retention retention;
  ForwardingOptions forwarding;
  FeedbackBySeriesPtr feedback;  // null: none yet
};

// Where a shard's output goes. Both calls happen on the shard's thread and must not block for long.
struct ShardOutputs {
  std::function<void(ShardReportPtr)> report;
  std::function<void(publish::BatchPtr)> results;
  // Some numbers of the lanes mean nothing any more: all should be defined again.
  std::function<void()> define_again = nullptr;
};

class ShardStage final : public pipeline::ShardConsumer, private series::WindowSink {
 public:
  ShardStage(const ShardOptions& options, CompiledRulesPtr rules, ShardOutputs outputs);

  void batch(std::size_t lane, const pipeline::Batch& batch) override;
  void tick(TimePoint now) override;
  bool work() override;
  void finish() override;

  // A new generation of rules: plans are made anew, window by window.
  void adopt(CompiledRulesPtr rules);
  // What operators have said from now on: of each series, also of those that come later. Precondition:
  // not null.
  void adopt(FeedbackBySeriesPtr feedback);

  // Events that match, as the index has them: for a series its last value, for an event the event.
  // Looks at series `from` .. `from + count`; returns where to go on, or 0 when all were seen.
  series::SeriesIndex query(const query::Predicate& predicate, series::SeriesIndex from,
                            std::size_t count, std::size_t limit, std::vector<Event>& out) const;
  // The watches that feedback with this selection would be about. `from`, `count`, `limit` and what
  // is returned: as of query().
  series::SeriesIndex subjects(const FeedbackSelection& selection, series::SeriesIndex from,
                               std::size_t count, std::size_t limit,
                               std::vector<FeedbackSubject>& out) const;
  // Visits all live series: for the admin port.
  template <class Visit>
  void for_each_series(Visit&& visit) const {
    for (series::SeriesIndex i = 0; i < table_.end(); ++i) {
      if (table_.live(i)) visit(i, table_);
    }
  }
  // Forgets the series that `wanted` selects (SeriesTable::forget); returns their names.
  std::vector<std::string> forget_if(
      const std::function<bool(SeriesKind, const Identity&)>& wanted);

  // Readable from any thread.
  [[nodiscard]] const pipeline::ShardCounters& counters(pipeline::InputId input) const {
    return counters_[input];
  }
  [[nodiscard]] const ShardWork& progress() const noexcept { return work_; }

 private:
  // WindowSink.
  void closed(const series::ClosedWindow& window) override;
  void expired(series::SeriesIndex series) override;
  void appending(series::SeriesIndex series, series::Slot slot, double value) override;

  void define(std::size_t lane, const pipeline::Batch::Definition& definition,
              std::string_view identity_bytes);
  void apply(std::size_t lane, const pipeline::Batch& batch);
  bool take_event(const Event& event);
  // False: no memory for its bytes.
  bool take_event(series::SeriesIndex series, std::string_view bytes);

  SeriesState* state_of(series::SeriesIndex series) const {
    return series < states_.size() ? states_[series].get() : nullptr;
  }
  void make_state(series::SeriesIndex series);
  void discard(const SeriesState& state);  // takes what it counts for out of the levels
  void make_derived(SeriesState& state, const Identity& identity, series::SeriesIndex parent);
  series::SeriesIndex derive(const Identity& identity, const std::string& statistic,
                             series::SeriesIndex parent);
  // What stands behind the name of a series for one of its statistics.
  [[nodiscard]] const std::string& statistic_name(const SeriesState& state, SeriesKind kind,
                                                  std::uint32_t statistic) const;
  // NaN: the window has none.
  [[nodiscard]] double statistic_value(const SeriesState& state, std::uint32_t statistic,
                                       const series::ClosedWindow& window);
  void observe(series::SeriesIndex series, SeriesState& state, TimePoint end, double value);
  // Holds the next value against the anomaly that is open.
  void follow_anomaly(WatchState& watch, double value, TimePoint end);
  void end_anomaly(WatchState& watch, std::string why, TimePoint now);
  // Who votes: the watch's own detectors, unless feedback asks for a clearer vote.
  [[nodiscard]] const detect::Ensemble& ensemble_of(const WatchState& watch) const;
  [[nodiscard]] const detect::RunningEnsemble& running_ensemble_of(const WatchState& watch) const;
  // Has `watch` go by the feedback that is in force at `now`.
  void find_feedback(const SeriesState& state, WatchState& watch, TimePoint now) const;
  // The same when that has changed: its detectors go on with other options, and what was said since
  // ends the anomaly that it is about.
  void renew_feedback(const SeriesState& state, WatchState& watch, TimePoint now);
  // Each does a piece of it; false when all is done, or the tick's time is over.
  bool hold_vote();
  bool teach();
  void judge(series::SeriesIndex series);
  void judge_watch(SeriesState& state, WatchState& watch);
  [[nodiscard]] static bool was_told_of_late(const SeriesState& state, const WatchState& watch);
  // None: no reason to say anything. Precondition: reader_ is at the series' window, if it is read.
  [[nodiscard]] std::optional<detect::Verdict> vote(SeriesState& state, const WatchState& watch);
  void signal(SeriesState& state);
  // Each does a piece of its work; false when all is done.
  bool check_silence();
  bool expire_events();
  // As results: to the store, and to the destinations that want the series.
  void tell_window(const SeriesState& state, const series::ClosedWindow& window);
  void publish_series(const SeriesState& state, const Identity& identity, TimePoint end,
                      const std::vector<ToldStatistic>& told);
  [[nodiscard]] static publish::DestinationSet destinations_of(const SeriesState& state);
  // Says an event about a series; `what`: verdict or silence.
  void remark(const SeriesState& state, std::string_view what, Event event);
  void tell_bins(const Identity& identity, const series::ClosedWindow& window,
                 std::vector<ToldStatistic>& told) const;
  void tell_percentiles(const Identity& identity, const SeriesState& state,
                        const series::ClosedWindow& window, std::vector<ToldStatistic>& told);
  // An event about this shard itself.
  void announce(std::string_view service, std::string_view state, std::uint64_t metric,
                std::string text);
  // How votes and ticks stand, and once whether votes are late.
  void tell_waiting();
  void put(Record record);

  void finish_window();
  void send_report(bool last);
  [[nodiscard]] TimePoint end_of(series::Slot slot) const noexcept;
  // Of the series that a derive rule makes; null: of others.
  [[nodiscard]] std::uint32_t window_slots(const rules::Derivation* derivation) const noexcept;
  [[nodiscard]] Event current_event(series::SeriesIndex series) const;

  // Fixed after construction.
  ShardOptions options_;
  ShardOutputs outputs_;
  StatisticNames statistics_;
  publish::RecordEncoder encoder_;
  Forwarding forwarding_;

  CompiledRulesPtr rules_;
  FeedbackBySeriesPtr feedback_;  // never null
  series::SeriesTable table_;
  series::SeriesIndex overflow_series_ = series::kNoSeries;  // of the event about refused series
  std::vector<std::vector<series::SeriesHandle>> wires_;     // [lane][wire id]
  bool wires_refused_ = false;  // some mean nothing: their series was refused, or has ended
  TimePoint asked_to_define_{};
  KeptEvents events_;
  Lessons lessons_;
  std::vector<std::unique_ptr<SeriesState>> states_;  // by series; mostly null
  std::vector<Event> own_events_;                     // said by this shard; taken with the report
  std::vector<series::SeriesIndex> expecting_;        // series that must not fall silent
  VoteQueue votes_;
  TimeBudget time_;
  std::uint64_t put_off_ = 0;      // votes and points that waited too long, when last looked at
  series::Slot behind_slot_ = 0;   // the last window in which there were some
  series::Slot behind_told_ = -1;  // the last window in which that was said; -1: it is over
  // Series in between still have plans of the last generation.
  series::SeriesIndex replan_next_ = 0;
  series::SeriesIndex replan_end_ = 0;

  TimePoint now_{};
  bool sweeping_ = false;
  std::size_t silence_next_ = 0;  // in expecting_
  bool stopping_ = false;
  bool report_due_ = false;
  ShardReportPtr report_;
  publish::BatchPtr results_;

  // Scratch.
  Scratch scratch_;
  HistoryReader reader_;
  detect::Ballot ballot_;  // of the point that is judged
  std::vector<double> figures_;

  std::array<pipeline::ShardCounters, pipeline::kMaxInputs> counters_;
  ShardWork work_;
};

}  // namespace tocsin::app
