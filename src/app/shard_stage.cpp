#include "src/app/shard_stage.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "src/app/emission.hpp"
#include "src/app/event_values.hpp"
#include "src/app/series_event.hpp"
#include "src/event/compact_form.hpp"
#include "src/event/event_access.hpp"

namespace tocsin::app {
namespace {

using series::kNoSeries;
using series::SeriesHandle;
using series::SeriesIndex;
using service::Health;

// Samples ahead at which a series' record is asked for: a trip to memory takes about as long as
// this many samples.
constexpr std::size_t kAhead = 12;
// Pieces of put-off work: each well below a millisecond.
constexpr std::size_t kSweepStep = 512;
constexpr std::size_t kReplanStep = 256;
constexpr std::size_t kExpiryStep = 64;
constexpr std::size_t kSilenceStep = 1024;
// All numbers are asked for again at most this often: for 250,000 of them that costs an ingest
// thread half a second.
constexpr auto kDefineAgainAfter = std::chrono::minutes(5);

// A tick's points and events may be many more than its records: they leave in pieces.
constexpr std::size_t kForwardedAtOnce = 1024;

constexpr std::string_view kOverflowService = "tocsin.series.refused";
constexpr std::string_view kDetectorsRefusedService = "tocsin.detectors.refused";

Health health_of_state(std::string_view word) noexcept {
  if (word == state::kCritical) return Health::kFailing;
  if (word == state::kWarning) return Health::kDegraded;
  if (word == state::kUnknown) return Health::kUnknown;
  return Health::kPassing;
}

pipeline::DropCause drop_cause(series::AppendStatus status) noexcept {
  switch (status) {
    case series::AppendStatus::kNotFinite:
      return pipeline::DropCause::kRange;
    case series::AppendStatus::kNoMemory:
      return pipeline::DropCause::kMemory;
    case series::AppendStatus::kStored:
    case series::AppendStatus::kLate:
    case series::AppendStatus::kBadSlot:
      break;
  }
  return pipeline::DropCause::kLate;
}

}  // namespace

ShardStage::ShardStage(const ShardOptions& options, CompiledRulesPtr rules, ShardOutputs outputs)
    : options_(options),
      outputs_(std::move(outputs)),
      statistics_(options.table.percentiles, options.names),
      encoder_(options.key_prefix, options.retention),
      forwarding_(options.forwarding),
      rules_(std::move(rules)),
      feedback_(options.feedback ? options.feedback : std::make_shared<const FeedbackBySeries>()),
      table_(options.table, *this),
      wires_(options.lanes),
      events_(table_.arena()),
      lessons_(options.detector_bytes, options.table.step_s),
      votes_(options.table.step_s),
      time_(options.vote_time, options.clock),
      report_(std::make_unique<ShardReport>()),
      results_(std::make_unique<publish::Batch>()),
      reader_(options.table.step_s) {
  // Made first, so that an overflow can be announced even when no further series is taken.
  Event announcement;
  announcement.time = options.started;
  announcement.service = kOverflowService;
  announcement.state = state::kOk;
  announcement.metric = std::int64_t{0};
  if (take_event(announcement)) overflow_series_ = 0;
}

// Samples and definitions.

void ShardStage::batch(std::size_t lane, const pipeline::Batch& batch) {
  std::string_view bytes = batch.definition_bytes;
  for (const pipeline::Batch::Definition& definition : batch.definitions) {
    define(lane, definition, bytes.substr(0, definition.length));
    bytes.remove_prefix(definition.length);
  }
  apply(lane, batch);
}

void ShardStage::define(std::size_t lane, const pipeline::Batch::Definition& definition,
                        std::string_view identity_bytes) {
  std::vector<SeriesHandle>& wires = wires_[lane];
  if (definition.wire >= wires.size()) {
    wires.resize(std::max<std::size_t>(definition.wire + 1, wires.size() * 2));
  }
  // The first byte of the canonical form is the kind (event/compact_form.hpp).
  const auto kind = static_cast<SeriesKind>(identity_bytes.front());
  const std::size_t before = table_.size();
  const SeriesIndex series = table_.intern(identity_bytes, kind);
  if (series == kNoSeries) {
    wires[definition.wire] = {};
    wires_refused_ = true;
    return;
  }
  wires[definition.wire] = table_.handle(series);
  if (table_.size() != before) make_state(series);
}

void ShardStage::apply(std::size_t lane, const pipeline::Batch& batch) {
  const std::vector<SeriesHandle>& wires = wires_[lane];
  const std::vector<pipeline::Sample>& samples = batch.samples;
  // Why a number leads to no series, if it does not.
  const auto fault_of = [this](SeriesHandle series) -> std::optional<pipeline::DropCause> {
    if (series.index == kNoSeries) [[unlikely]]
      return pipeline::DropCause::kSeriesLimit;
    if (table_.current(series)) [[likely]]
      return std::nullopt;
    wires_refused_ = true;
    return pipeline::DropCause::kEnded;
  };
  std::array<std::uint32_t, pipeline::kMaxInputs> lost{};
  const auto lose = [&](pipeline::InputId input, pipeline::DropCause cause) {
    ++lost[input];
    counters_[input].dropped[static_cast<std::size_t>(cause)].add(1);
  };
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (i + kAhead < samples.size()) {
      const SeriesIndex ahead = wires[samples[i + kAhead].wire].index;
      if (ahead != kNoSeries) table_.prefetch(ahead);
    }
    const pipeline::Sample& sample = samples[i];
    const SeriesHandle series = wires[sample.wire];
    if (const auto fault = fault_of(series)) [[unlikely]] {
      lose(sample.input, *fault);
    } else if (!table_.apply(series.index, sample.op, sample.value, sample.weight)) [[unlikely]] {
      lose(sample.input, pipeline::DropCause::kMemory);
    }
  }
  for (const pipeline::TimedSample& timed : batch.timed) {
    const SeriesHandle series = wires[timed.sample.wire];
    if (const auto fault = fault_of(series)) {
      lose(timed.sample.input, *fault);
      continue;
    }
    const double value = timed.sample.op == SampleOp::kAdd
                             ? timed.sample.value * timed.sample.weight
                             : timed.sample.value;
    const series::Slot slot = timed.timestamp_s / options_.table.step_s;
    if (const auto status = table_.record_at(series.index, slot, value);
        status != series::AppendStatus::kStored) {
      lose(timed.sample.input, drop_cause(status));
    }
  }
  std::string_view bytes = batch.event_bytes;
  for (const pipeline::Batch::EventRecord& record : batch.events) {
    const SeriesHandle series = wires[record.wire];
    if (const auto fault = fault_of(series)) {
      lose(record.input, *fault);
    } else if (!take_event(series.index, bytes.substr(0, record.length))) {
      lose(record.input, pipeline::DropCause::kMemory);
    }
    bytes.remove_prefix(record.length);
  }
  for (std::size_t input = 0; input < batch.records.size(); ++input) {
    if (batch.records[input] != 0) {
      counters_[input].processed.add(batch.records[input] - lost[input]);
    }
  }
}

bool ShardStage::take_event(const Event& event) {
  const Identity identity = event::identity_of(event);
  std::string bytes;
  event::append_identity(identity, bytes);
  const std::size_t before = table_.size();
  const SeriesIndex series = table_.intern(bytes, SeriesKind::kEvent);
  if (series == kNoSeries) return false;
  if (table_.size() != before) make_state(series);
  bytes.clear();
  event::append_event(event, bytes);
  return take_event(series, bytes);
}

// Most events concern no rule: their bytes are kept, and read only when somebody asks.
bool ShardStage::take_event(SeriesIndex series, std::string_view bytes) {
  if (!events_.keep(series, bytes)) return false;
  // A state of the last generation points into rules that are gone.
  if (series >= replan_next_ && series < replan_end_) make_state(series);
  if (const auto metric = as_double(event::event_head(bytes).metric)) {
    (void)table_.apply(series, SampleOp::kSetGauge, *metric, 1);
  } else {
    table_.touch(series);
  }
  if (SeriesState* state = state_of(series)) {
    state->event = event_from(bytes);
    const Event& event = state->event;
    if (event.state != state::kExpired) state->last_heard = event.time;
    state->heard = true;
    state->event_health = health_of_state(event.state);
    state->event_silent = event.state == state::kExpired;
    for (WatchState& watch : state->watches) watch.hold(event);
    signal(*state);
  }
  return true;
}

// Plans.

void ShardStage::make_state(SeriesIndex series) {
  const Identity identity = table_.identity(series);
  SeriesPlan plan = rules_->plan(identity);
  table_.set_window(series, window_slots(plan.derivation));
  if (is_remark(identity)) {
    plan.targets.clear();
    plan.forward.clear();  // it went there when it was said
  }
  if (states_.size() <= series) states_.resize(series + 1);
  std::unique_ptr<SeriesState> before = std::move(states_[series]);
  auto state = std::make_unique<SeriesState>();
  if (plan.derivation != nullptr) state->emit = plan.derivation->emit;
  // Statistics that rules ask for make the state worth having even when the main value is not.
  make_derived(*state, identity, series);
  if (plan.empty() && state->derived.empty()) {
    if (before) discard(*before);
    return;
  }
  state->publish = std::move(plan.publish);
  state->forward = std::move(plan.forward);
  state->targets = std::move(plan.targets);
  state->event = event_of(identity);
  state->label = label_of(identity);
  state->id = table_.id(series);
  state->last_heard = now_;
  for (SeriesWatch& watch : plan.watches) {
    WatchState& added = state->watches.emplace_back();
    added.watch = std::move(watch);
    const rules::Watch& rule = rules_->watches()[added.watch.watch];
    added.name = rule.name;
    if (rules_->ensemble(added.watch.watch)) {
      find_feedback(*state, added, now_);
      added.memories = Memories(ensemble_of(added), lessons_.account());
    }
    added.expect_every = rule.expect_every;
    if (rule.expect_every && !state->expected) {
      state->expected = true;
      expecting_.push_back(series);
    }
    if (!before) continue;
    // What an earlier generation of the same watch had found stays found.
    for (WatchState& old : before->watches) {
      if (old.name != added.name) continue;
      added.memories.take_over(old.memories);
      added.anomaly = std::exchange(old.anomaly, std::nullopt);
      added.last_range = old.last_range;
      added.told_open = old.told_open;
      added.told_withheld = old.told_withheld;
      added.told = old.told;
      added.farewell = std::move(old.farewell);
      added.quiet_since = old.quiet_since;
      added.silent = old.silent;
    }
  }
  work_.plans.set(work_.plans.get() + 1);
  states_[series] = std::move(state);
  if (!before) return;
  discard(*before);
  SeriesState& after = *states_[series];
  after.parent = before->parent;
  after.running = std::move(before->running);
  after.waits_to_learn = before->waits_to_learn;
  after.last_heard = before->last_heard;
  after.heard = before->heard;
  after.event = std::move(before->event);
  after.event_health = before->event_health;
  after.event_silent = before->event_silent;
  // The services of the new generation know nothing yet.
  for (WatchState& watch : after.watches) watch.hold(after.event);
  signal(after);
}

void ShardStage::discard(const SeriesState& state) {
  for (const WatchState& watch : state.watches) {
    if (watch.anomaly) work_.anomalies_open.set(work_.anomalies_open.get() - 1);
  }
  work_.plans.set(work_.plans.get() - 1);
}

void ShardStage::make_derived(SeriesState& state, const Identity& identity, SeriesIndex parent) {
  const auto add = [&](std::uint32_t statistic, const std::string& name) {
    state.derived.push_back({statistic, derive(identity, name, parent)});
  };
  for (std::uint32_t i = 0; i < state.emit.size(); ++i) add(kEmission + i, state.emit[i].name);
  const std::vector<std::string>& names = statistics_.of(identity.kind);
  if (names.empty()) return;
  Identity derived = identity;
  derived.kind = SeriesKind::kGauge;
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    // What is emitted under this name is that statistic already.
    if (std::ranges::find(state.emit, names[i], &rules::Emission::name) != state.emit.end()) {
      continue;
    }
    derived.service = identity.service + "." + names[i];
    if (rules_->names_statistic(derived, "." + names[i])) add(i, names[i]);
  }
}

SeriesIndex ShardStage::derive(const Identity& identity, const std::string& statistic,
                               SeriesIndex parent) {
  Identity derived = identity;
  derived.kind = SeriesKind::kGauge;
  derived.service = identity.service + "." + statistic;
  std::string bytes;
  event::append_identity(derived, bytes);
  const SeriesIndex series = table_.intern_derived(bytes);
  if (series == kNoSeries) return series;
  // Not a recursion without end: gauges have no statistics.
  if (state_of(series) == nullptr) make_state(series);
  if (SeriesState* child = state_of(series)) child->parent = parent;
  return series;
}

const std::string& ShardStage::statistic_name(const SeriesState& state, SeriesKind kind,
                                              std::uint32_t statistic) const {
  return statistic >= kEmission ? state.emit[statistic - kEmission].name
                                : statistics_.of(kind)[statistic];
}

double ShardStage::statistic_value(const SeriesState& state, std::uint32_t statistic,
                                   const series::ClosedWindow& window) {
  if (statistic >= kEmission) {
    return emission_value(state.emit[statistic - kEmission], window, table_);
  }
  return statistic < figures_.size() ? figures_[statistic] : kUndefined;
}

void ShardStage::adopt(CompiledRulesPtr rules) {
  finish_window();
  rules_ = std::move(rules);
  // They name services by their places in the old rules. Each series says its state anew.
  report_->signals.clear();
  expecting_.clear();
  replan_next_ = 0;
  replan_end_ = table_.end();
}

// Windows.

TimePoint ShardStage::end_of(series::Slot slot) const noexcept {
  return TimePoint(std::chrono::seconds((slot + 1) * options_.table.step_s));
}

std::uint32_t ShardStage::window_slots(const rules::Derivation* derivation) const noexcept {
  if (derivation == nullptr) return 1;
  const auto window_s = std::chrono::floor<std::chrono::seconds>(derivation->window).count();
  return std::max(static_cast<std::uint32_t>(window_s) / options_.table.step_s, 1U);
}

void ShardStage::tick(TimePoint now) {
  finish_window();
  now_ = now;
  time_.begin_tick();
  lessons_.begin_tick();
  const auto now_s = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const series::Slot slot = now_s / options_.table.step_s;
  if (slot > table_.slot()) {
    table_.begin_window(slot);
    work_.tick_ns.set(0);
    work_.longest_wait_s.set(0);
    // It must not end: an overflow leaves no room to make it again.
    if (overflow_series_ != kNoSeries) table_.touch(overflow_series_);
    sweeping_ = true;
  }
  report_due_ = true;
  // Senders do not repeat who they are: a number that was refused would stay so as long as it is
  // heard.
  if (wires_refused_ && table_.has_room() && now_ - asked_to_define_ >= kDefineAgainAfter) {
    wires_refused_ = false;
    asked_to_define_ = now_;
    if (outputs_.define_again) outputs_.define_again();
  }
}

bool ShardStage::work() {
  if (replan_next_ < replan_end_) {
    const SeriesIndex end =
        std::min<SeriesIndex>(replan_end_, replan_next_ + static_cast<SeriesIndex>(kReplanStep));
    for (; replan_next_ < end; ++replan_next_) {
      if (table_.live(replan_next_)) make_state(replan_next_);
    }
    return true;
  }
  if (sweeping_) {
    sweeping_ = table_.sweep(kSweepStep);
    return true;
  }
  if (report_due_ && expire_events()) return true;
  if (hold_vote() || teach()) return true;
  if (report_due_) {
    if (!check_silence()) send_report(false);
    return true;
  }
  return false;
}

void ShardStage::finish_window() {
  while (work()) {
  }
}

void ShardStage::finish() {
  finish_window();
  // The open window is a part of one: worth keeping as a result, not worth judging.
  stopping_ = true;
  table_.end_windows();
  table_.begin_window(table_.slot() + 1);
  while (table_.sweep(kSweepStep)) {
  }
  send_report(true);
}

void ShardStage::closed(const series::ClosedWindow& window) {
  work_.windows_closed.add(1);
  SeriesState* state = state_of(window.series);
  if (state == nullptr) return;
  const TimePoint end = end_of(window.slot);
  if (!window.idle) {
    state->last_heard = end;
    state->heard = true;
  }
  statistics_.figures(window, options_.table.step_s * window.slots, figures_);
  if (stopping_) {
    state->event.time = end;
    tell_window(*state, window);
    return;
  }
  if (window.value && window.kind != SeriesKind::kEvent) {
    observe(window.series, *state, end, *window.value);
  }
  for (DerivedSeries& derived : state->derived) {
    const double value = statistic_value(*state, derived.statistic, window);
    if (!std::isfinite(value)) continue;
    if (derived.series == kNoSeries) {
      if (derived.refused && !table_.has_room()) continue;
      derived.series =
          derive(table_.identity(window.series),
                 statistic_name(*state, window.kind, derived.statistic), window.series);
      derived.refused = derived.series == kNoSeries;
      if (derived.refused) continue;
    }
    table_.record_derived(derived.series, window.slot, value);
    if (SeriesState* child = state_of(derived.series)) {
      child->last_heard = state->last_heard;
      child->heard = state->heard;
      observe(derived.series, *child, end, value);
    }
  }
  tell_window(*state, window);
}

void ShardStage::observe(SeriesIndex series, SeriesState& state, TimePoint end, double value) {
  state.event.time = end;
  state.event.metric = as_metric(value);
  for (WatchState& watch : state.watches) {
    if (watch.feedback && watch.feedback->ends(end)) renew_feedback(state, watch, end);
  }
  lessons_.hear(series, state, table_.history(series));
  bool votes = false;  // whether the window is to be judged
  rules::Priority priority = rules::Priority::kLow;
  for (WatchState& watch : state.watches) {
    watch.hold(state.event);
    if (watch.anomaly) follow_anomaly(watch, value, end);
    const std::optional<detect::Ensemble>& ensemble = rules_->ensemble(watch.watch.watch);
    if (!ensemble || !watch.watch.where.matches(state.event)) continue;
    const bool fired = watch.memories.any_fired();
    if (ensemble->reads_window()) {
      votes = true;
      // What a detector that remembers says is true of this point: others should be asked soon.
      priority = std::min(
          priority, fired ? rules::Priority::kHigh : rules_->watches()[watch.watch.watch].priority);
    } else if (fired || watch.anomaly || watch.told_open) {
      judge_watch(state, watch);  // all have voted
    }
  }
  if (votes && !votes_.push(series, priority, table_.slot())) work_.evaluations_skipped.add(1);
  signal(state);
}

void ShardStage::follow_anomaly(WatchState& watch, double value, TimePoint end) {
  const OpenAnomaly::State now = watch.anomaly->follow(value, end);
  if (now != OpenAnomaly::State::kOpen) {
    end_anomaly(watch, watch.anomaly->farewell(now, end), end);
  } else if (const Feedback* const by = watch.expecting(value)) {
    end_anomaly(watch, watch.anomaly->farewell(by->words() + ",", end), end);
  }
}

void ShardStage::appending(SeriesIndex series, series::Slot slot, double value) {
  SeriesState* state = state_of(series);
  if (state == nullptr || state->running == nullptr) return;
  state->running->follow(table_.history(series), slot, value);
}

void ShardStage::expired(SeriesIndex series) {
  work_.series_expired.add(1);
  events_.forget(series);
  if (votes_.forget(series)) work_.evaluations_skipped.add(1);
  SeriesState* state = state_of(series);
  if (state == nullptr) return;
  if (SeriesState* parent = state_of(state->parent)) {
    for (DerivedSeries& derived : parent->derived) {
      if (derived.series == series) derived.series = kNoSeries;
    }
  }
  state->event_silent = true;
  signal(*state);
  discard(*state);
  states_[series].reset();
}

void ShardStage::remark(const SeriesState& state, std::string_view what, Event event) {
  forwarding_.tell_remark(destinations_of(state), state.event, event, what, *results_);
  own_events_.push_back(std::move(event));
}

// Signals.

void ShardStage::signal(SeriesState& state) {
  if (state.targets.empty()) return;
  // A series that has not spoken yet has nothing to say; its service knows that it is expected.
  if (!state.heard && state.event_health == Health::kPassing && !state.event_silent &&
      state.event.metric.index() == 0) {
    return;
  }
  Health health = state.event_health;
  bool silent = state.event_silent;
  std::string reason = health == Health::kPassing ? std::string() : state.event.description;
  const auto worsen = [&](Health to, std::string why) {
    if (health != Health::kUnknown && to <= health) return;
    health = to;
    reason = std::move(why);
  };
  for (const WatchState& watch : state.watches) {
    silent = silent || watch.silent;
    if (watch.threshold != Health::kPassing) {
      worsen(watch.threshold,
             watch.threshold_text(rules_->watches()[watch.watch.watch], state.event));
    }
    if (watch.anomaly) worsen(Health::kFailing, watch.anomaly->text);
  }
  if (state.signalled && state.health == health && state.silent == silent &&
      (health == Health::kPassing || state.reason == reason)) {
    return;
  }
  state.signalled = true;
  state.health = health;
  state.silent = silent;
  state.reason = reason;
  for (const SignalTarget& target : state.targets) {
    report_->signals.push_back(
        {target, state.event.service, state.label, {health, reason, state.last_heard, silent}});
  }
}

bool ShardStage::check_silence() {
  const std::size_t end = std::min(expecting_.size(), silence_next_ + kSilenceStep);
  for (; silence_next_ < end; ++silence_next_) {
    SeriesState* state = state_of(expecting_[silence_next_]);
    if (state == nullptr) continue;
    bool changed = false;
    for (WatchState& watch : state->watches) {
      if (!watch.expect_every) continue;
      const bool silent = now_ - state->last_heard > *watch.expect_every;
      if (silent != watch.silent) {
        watch.silent = silent;
        changed = true;
        Event event = event_of(
            Identity{SeriesKind::kEvent, state->event.host, state->event.service, {"silence"}, {}});
        event.time = now_;
        event.state = silent ? state::kExpired : state::kOk;
        event.description = silent ? "silent for longer than expected" : "speaks again";
        set_attribute(event, "type", "silence");
        set_attribute(event, "watch", watch.name);
        remark(*state, "silence", std::move(event));
      }
    }
    if (changed) signal(*state);
  }
  if (silence_next_ < expecting_.size()) return true;
  silence_next_ = 0;
  std::erase_if(expecting_, [&](SeriesIndex series) { return state_of(series) == nullptr; });
  return false;
}

bool ShardStage::expire_events() {
  return events_.expire(now_, kExpiryStep, [this](SeriesIndex series, std::string_view kept) {
    Event expired = event_from(kept);
    expired.ttl.reset();  // ends once
    // What the sender called expired stays as it was said.
    if (expired.state != state::kExpired) {
      expired.time = now_;
      expired.state = state::kExpired;
      expired.metric = {};
    }
    std::string bytes;
    event::append_event(expired, bytes);
    (void)take_event(series, bytes);  // shorter than what is kept: there is room
  });
}

// Results.

void ShardStage::tell_window(const SeriesState& state, const series::ClosedWindow& window) {
  if (!window.value) return;
  const bool is_result = state.publish && state.publish->matches(state.event);
  const publish::DestinationSet to = destinations_of(state);
  if (!is_result && to == 0) return;
  const Identity identity = table_.identity(window.series);
  std::vector<ToldStatistic> told;
  statistics_.tell(identity, *window.value, figures_, told);
  tell_bins(identity, window, told);
  tell_percentiles(identity, state, window, told);
  const TimePoint end = end_of(window.slot);
  if (is_result) publish_series(state, identity, end, told);
  if (to == 0) return;
  forwarding_.tell_window(to, identity, state.event, end, told, *results_);
  if (results_->points.size() + results_->events.size() >= kForwardedAtOnce) {
    outputs_.results(std::exchange(results_, std::make_unique<publish::Batch>()));
  }
}

publish::DestinationSet ShardStage::destinations_of(const SeriesState& state) {
  publish::DestinationSet to = 0;
  for (const SeriesForward& forward : state.forward) {
    if (forward.where.matches(state.event)) to |= publish::DestinationSet{1} << forward.destination;
  }
  return to;
}

void ShardStage::publish_series(const SeriesState& state, const Identity& identity, TimePoint end,
                                const std::vector<ToldStatistic>& told) {
  std::vector<publish::Statistic> statistics;
  for (const ToldStatistic& statistic : told) {
    statistics.push_back({statistic.name, statistic.value});
  }
  publish::SeriesValue value;
  value.id = state.id;
  value.identity = &identity;
  value.time = end;
  value.interval = std::chrono::seconds(options_.table.step_s);
  value.statistics = statistics;
  put(encoder_.series(value));
  put(encoder_.series_listing(value));
}

// The other emissions are among the statistics of every timer and counter.
void ShardStage::tell_percentiles(const Identity& identity, const SeriesState& state,
                                  const series::ClosedWindow& window,
                                  std::vector<ToldStatistic>& told) {
  if (window.summary == nullptr) return;
  for (const rules::Emission& emission : state.emit) {
    if (emission.what != rules::Emission::What::kPercentile) continue;
    statistics_.tell(identity, {statsd::Statistic::What::kPercentile, emission.percentile},
                     emission_value(emission, window, table_), told);
  }
}

// As in Etsy's statsd, the first entry whose metric is part of the name serves the series.
void ShardStage::tell_bins(const Identity& identity, const series::ClosedWindow& window,
                           std::vector<ToldStatistic>& told) const {
  if (window.summary == nullptr) return;
  const auto histogram = std::find_if(options_.histogram.begin(), options_.histogram.end(),
                                      [&](const settings::HistogramBins& h) {
                                        return identity.service.find(h.metric) != std::string::npos;
                                      });
  if (histogram == options_.histogram.end()) return;
  double below = 0;
  for (const double bound : histogram->bounds) {
    const double up_to = table_.closing_values_below(window.series, bound);
    statistics_.tell(identity, {statsd::Statistic::What::kBin, bound}, up_to - below, told);
    below = up_to;
  }
}

void ShardStage::announce(std::string_view service, std::string_view state, std::uint64_t metric,
                          std::string text) {
  Event event;
  event.time = now_;
  event.service = service;
  event.state = state;
  event.metric = static_cast<std::int64_t>(metric);
  event.description = std::move(text);
  (void)take_event(event);
}

void ShardStage::put(Record record) {
  work_.results.add(1);
  results_->records.push_back(std::move(record));
}

void ShardStage::send_report(bool last) {
  for (Event& event : std::exchange(own_events_, {})) (void)take_event(event);
  if (table_.refused() != work_.series_refused.get()) {
    work_.series_refused.set(table_.refused());
    announce(kOverflowService, state::kCritical, table_.refused(),
             "series were turned away: max_series or max_bytes is reached");
  }
  if (lessons_.refused() != work_.detectors_refused.get()) {
    work_.detectors_refused.set(lessons_.refused());
    announce(kDetectorsRefusedService, state::kCritical, lessons_.refused(),
             "detectors that remember were turned away: detect.max_bytes is reached");
  }
  work_.detectors.set(lessons_.account().detectors);
  work_.detector_bytes.set(lessons_.account().bytes);
  work_.series.set(table_.size());
  work_.memory_bytes.set(table_.memory_bytes());
  tell_waiting();
  report_due_ = false;

  report_->tick = now_;
  report_->generation = rules_->generation();
  report_->last = last;
  outputs_.report(std::exchange(report_, std::make_unique<ShardReport>()));
  if (!results_->empty()) {
    outputs_.results(std::exchange(results_, std::make_unique<publish::Batch>()));
  }
}

// Questions.

Event ShardStage::current_event(SeriesIndex series) const {
  if (const std::string_view bytes = events_.find(series); !bytes.empty()) return event_from(bytes);
  const SeriesState* state = state_of(series);
  Event event = event_of(table_.identity(series));
  if (const series::HistoryView history = table_.history(series); !history.empty()) {
    event.time = end_of(history.last_slot());
    event.metric = as_metric(history.last_value());
  } else {
    event.time = now_;  // its first window is still open
  }
  if (state != nullptr && (state->signalled || !state->watches.empty())) {
    Health worst = state->health == Health::kUnknown ? Health::kPassing : state->health;
    for (const WatchState& watch : state->watches) {
      worst = std::max(worst, watch.anomaly ? Health::kFailing : watch.threshold);
    }
    event.state = state_word(worst);
    event.description = state->reason;
  }
  return event;
}

SeriesIndex ShardStage::query(const query::Predicate& predicate, SeriesIndex from,
                              std::size_t count, std::size_t limit, std::vector<Event>& out) const {
  SeriesIndex series = from;
  for (; count > 0 && series < table_.end() && out.size() < limit; --count, ++series) {
    if (!table_.live(series)) continue;
    Event event = current_event(series);
    if (predicate.matches(event)) out.push_back(std::move(event));
  }
  return series < table_.end() && out.size() < limit ? series : 0;
}

std::vector<std::string> ShardStage::forget_if(
    const std::function<bool(SeriesKind, const Identity&)>& wanted) {
  std::vector<std::string> gone;
  for (SeriesIndex series = 0; series < table_.end(); ++series) {
    if (!table_.live(series)) continue;
    const Identity identity = table_.identity(series);
    if (!wanted(identity.kind, identity)) continue;
    table_.forget(series);
    gone.push_back(identity.service);
  }
  return gone;
}

}  // namespace tocsin::app
