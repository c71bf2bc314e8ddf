// One shard: owns its series and does to them what the rules say. Samples go to windows; closed
// windows go to history, are held against thresholds, and are put to the vote; what changes is told
// to the roll-up thread, what is a result to the publisher.
//
// Order:   everything that a tick causes is done before the report of that tick leaves, and before
//          the next tick is begun. In between, the work is cut into small pieces (work()), so that
//          samples keep flowing.
// Threads: all of it is the shard's thread, except what says otherwise.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "src/app/compiled_rules.hpp"
#include "src/app/forwarding.hpp"
#include "src/app/history_reader.hpp"
#include "src/app/messages.hpp"
#include "src/app/series_state.hpp"
#include "src/app/shard_counters.hpp"
#include "src/app/statistics.hpp"
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
  TimePoint started{};  // of the daemon
  std::uint32_t evaluations_per_tick = 250'000;
  std::string key_prefix = "tocsin:";
  statsd::NamingStyle names = statsd::NamingStyle::kPlain;  // of statistics in results
  std::vector<settings::HistogramBins> histogram;
  publish::Retention retention;
  ForwardingOptions forwarding;
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

  // Events that match, as the index has them: for a series its last value, for an event the event.
  // Looks at series `from` .. `from + count`; returns where to go on, or 0 when all were seen.
  series::SeriesIndex query(const query::Predicate& predicate, series::SeriesIndex from,
                            std::size_t count, std::size_t limit, std::vector<Event>& out) const;
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
  bool keep_event(series::SeriesIndex series, std::string_view bytes);
  [[nodiscard]] std::string_view kept_event(series::SeriesIndex series) const;
  void forget_event(series::SeriesIndex series);

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
  void begin_votes();
  void judge(series::SeriesIndex series);
  void judge_watch(SeriesState& state, WatchState& watch);
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
  void publish_verdict(const SeriesState& state, const detect::Ensemble& ensemble,
                       const detect::Verdict& verdict, bool open, const std::string& text);
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
  series::SeriesTable table_;
  series::SeriesIndex overflow_series_ = series::kNoSeries;  // of the event about refused series
  std::vector<std::vector<series::SeriesHandle>> wires_;     // [lane][wire id]
  bool wires_refused_ = false;  // some mean nothing: their series was refused, or has ended
  TimePoint asked_to_define_{};
  std::vector<std::unique_ptr<SeriesState>> states_;  // by series; mostly null
  // The last event of a series, as event/compact_form.hpp writes it.
  struct KeptEvent {
    series::Arena::Ref block = series::Arena::kNone;
    std::uint32_t length = 0;
    TimePoint deadline{};  // as it stands in deadlines_; zero: not there
  };
  absl::flat_hash_map<series::SeriesIndex, KeptEvent> events_;
  // When to look whether an event's ttl has run out. The event may have been replaced since by one
  // that lives longer; entries that are not its series' deadline any more are passed over.
  struct Deadline {
    TimePoint at;
    series::SeriesIndex series;
    friend bool operator>(const Deadline& a, const Deadline& b) noexcept { return a.at > b.at; }
  };
  std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> deadlines_;
  std::vector<Event> own_events_;               // said by this shard; taken with the report
  std::vector<series::SeriesIndex> expecting_;  // series that must not fall silent
  std::vector<series::SeriesIndex> votes_;      // series whose new point awaits a vote
  std::size_t votes_done_ = 0;
  std::uint64_t vote_turn_ = 0;  // where the budget begins when it does not suffice for all
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
  std::vector<double> figures_;

  std::array<pipeline::ShardCounters, pipeline::kMaxInputs> counters_;
  ShardWork work_;
};

}  // namespace tocsin::app
