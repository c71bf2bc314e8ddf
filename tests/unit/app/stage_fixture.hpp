// One shard, driven by hand: batches and ticks in, reports, results and answers out.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/app/compiled_rules.hpp"
#include "src/app/shard_stage.hpp"
#include "src/event/compact_form.hpp"
#include "src/event/event_access.hpp"
#include "src/query/predicate.hpp"
#include "src/rules/load.hpp"

namespace tocsin::app::test {

inline constexpr std::uint32_t kStep = 10;
inline constexpr std::int64_t kStart = 1'700'000'000;  // begins a window

inline TimePoint at(std::int64_t seconds_since_start) {
  return TimePoint(std::chrono::seconds(kStart + seconds_since_start));
}

inline query::Predicate predicate(std::string_view text) {
  auto parsed = query::Predicate::parse(text);
  if (!parsed) FAIL(parsed.error().message());
  return std::move(*parsed);
}

inline rules::Vocabulary vocabulary() {
  rules::Vocabulary vocabulary;
  vocabulary.environment = [](std::string_view) { return std::nullopt; };
  const detect::Ensemble skyline;
  vocabulary.skyline_quorum = static_cast<std::uint32_t>(skyline.quorum());
  for (const detect::Voter& detector : skyline.detectors()) {
    vocabulary.detectors.emplace_back(detector.name);
  }
  vocabulary.remembering = {"consensus", "deep"};
  return vocabulary;
}

// The compiled form of rules that have no errors.
inline CompiledRulesPtr compiled(const std::string& yaml, std::uint64_t generation = 1,
                                 std::string_view publish = "false",
                                 std::vector<query::Predicate> forward = {}) {
  const rules::RuleFile file{"r.yaml", yaml};
  const auto parsed = rules::parse_rules({&file, 1}, vocabulary());
  for (const Error& error : parsed.errors) FAIL_CHECK(error.message());
  REQUIRE(parsed);
  auto rules = CompiledRules::compile(*parsed.value, {predicate(publish), std::move(forward)},
                                      detect::Consensus::kQuorum, generation);
  if (!rules) FAIL(rules.error().message());
  return *rules;
}

inline ShardOptions small_options() {
  ShardOptions options;
  options.table.step_s = kStep;
  options.table.history_points = 360;
  options.table.max_series = 1000;
  options.table.max_bytes = 32 << 20;
  return options;
}

inline Identity identity(SeriesKind kind, std::string service, std::string host = {}) {
  return Identity{kind, std::move(host), std::move(service), {}, {}};
}

// Fills a batch as a router would. Wire numbers are given in the order of first use.
class BatchMaker {
 public:
  BatchMaker() : batch_(1024) {}

  pipeline::WireId define(const Identity& identity) {
    std::string bytes;
    event::append_identity(identity, bytes);
    const auto [it, added] = wires_.emplace(bytes, wires_.size());
    if (added) {
      batch_.definitions.push_back({it->second, static_cast<std::uint32_t>(bytes.size())});
      batch_.definition_bytes += bytes;
    }
    return it->second;
  }
  void sample(const Identity& identity, SampleOp op, double value, double weight = 1) {
    batch_.samples.push_back({define(identity), op, 0, 0, value, weight});
    ++batch_.records[0];
  }
  void timed(const Identity& identity, SampleOp op, double value, std::int64_t timestamp_s) {
    batch_.timed.push_back({{define(identity), op, 0, 0, value, 1}, timestamp_s});
    ++batch_.records[0];
  }
  void event(const Event& event) {
    std::string bytes;
    event::append_event(event, bytes);
    batch_.events.push_back(
        {define(event::identity_of(event)), 0, static_cast<std::uint32_t>(bytes.size())});
    batch_.event_bytes += bytes;
    ++batch_.records[0];
  }
  [[nodiscard]] pipeline::Batch& batch() noexcept { return batch_; }

 private:
  pipeline::Batch batch_;
  std::map<std::string, pipeline::WireId> wires_;
};

class StageFixture {
 public:
  explicit StageFixture(const std::string& yaml = "", ShardOptions options = small_options(),
                        std::string_view publish = "false",
                        std::vector<query::Predicate> forward = {})
      : lanes_(options.lanes),
        stage(options, compiled(yaml, 1, publish, std::move(forward)),
              {[this](ShardReportPtr report) { take(*report); },
               [this](publish::BatchPtr batch) {
                 ++batches;
                 for (Record& record : batch->records) results.push_back(std::move(record));
                 for (auto& point : batch->points) points.push_back(std::move(point));
                 for (auto& event : batch->events) events.push_back(std::move(event));
               },
               [this] { ++asked_to_define; }}) {
    tick(0);
  }
  StageFixture(const StageFixture&) = delete;
  StageFixture& operator=(const StageFixture&) = delete;

  [[nodiscard]] BatchMaker& lane(std::size_t lane = 0) { return lanes_[lane]; }
  // Hands over what the lanes were given.
  void send() {
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      stage.batch(i, lanes_[i].batch());
      lanes_[i].batch().clear();
    }
  }
  // The present comes to `seconds` after the start.
  void tick(std::int64_t seconds) {
    send();
    stage.tick(at(seconds));
    while (stage.work()) {
    }
  }
  // One window in which `identity` had this sample.
  void window(const Identity& identity, SampleOp op, double value) {
    lane().sample(identity, op, value);
    next();
  }
  // The open window ends.
  void next() { tick(now_s += kStep); }

  std::vector<Event> ask(std::string_view where) const {
    std::vector<Event> found;
    series::SeriesIndex from = 0;
    do {
      from = stage.query(predicate(where), from, 100, 10'000, found);
    } while (from != 0);
    return found;
  }
  [[nodiscard]] std::uint64_t dropped(pipeline::DropCause cause) const {
    return stage.counters(0).dropped[static_cast<std::size_t>(cause)].get();
  }
  [[nodiscard]] std::uint64_t processed() const { return stage.counters(0).processed.get(); }
  std::vector<SignalMessage> take_signals() { return std::exchange(signals, {}); }

 private:
  void take(ShardReport& report) {
    ++reports;
    last_report = report.last;
    generation = report.generation;
    for (SignalMessage& message : report.signals) signals.push_back(std::move(message));
  }

  std::vector<BatchMaker> lanes_;

 public:
  std::int64_t now_s = 0;
  std::vector<SignalMessage> signals;
  std::vector<Record> results;
  std::vector<publish::ForwardedPoint> points;
  std::vector<publish::ForwardedEvent> events;
  int batches = 0;  // of the three above
  std::uint64_t generation = 0;
  int reports = 0;
  int asked_to_define = 0;
  bool last_report = false;
  ShardStage stage;
};

}  // namespace tocsin::app::test
