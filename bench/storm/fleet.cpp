#include "bench/storm/fleet.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "src/app/rule_loading.hpp"
#include "src/event/compact_form.hpp"

namespace tocsin::bench {
namespace {

constexpr std::int64_t kStart_s = 1'700'000'000;  // begins a window
constexpr std::size_t kBatch = 1024;
// What never changes shifts by this.
constexpr double kLeastDeviation = 1;

TimePoint at(std::int64_t window, std::uint32_t second) {
  return TimePoint(std::chrono::seconds(kStart_s + window * kStep_s + second));
}

double deviation_of(const Points& values) {
  double mean = 0;
  double squares = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::max(std::sqrt(squares / static_cast<double>(values.size())), kLeastDeviation);
}

// A watch for each word of "skyline,consensus".
std::string rules_for(const std::string& detect) {
  std::string rules = "watch:\n";
  for (std::size_t begin = 0; begin < detect.size();) {
    const std::size_t end = std::min(detect.find(',', begin), detect.size());
    const std::string word = detect.substr(begin, end - begin);
    rules += "  - {name: " + word + ", where: service =~ \"load.%\", detect: " + word + "}\n";
    begin = end + 1;
  }
  return rules;
}

[[noreturn]] void refuse(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message().c_str());
  std::exit(1);
}

// As the daemon does with files of rules.
app::CompiledRulesPtr compile(const std::string& detect) {
  const rules::RuleFile file{"storm", rules_for(detect)};
  const auto rules = rules::parse_rules({&file, 1}, app::vocabulary_of({}));
  if (!rules) refuse(rules.errors.front());
  auto publish = query::Predicate::parse("false");
  if (!publish) refuse(publish.error());
  auto compiled = app::CompiledRules::compile(*rules.value, {std::move(*publish)},
                                              detect::Consensus::kQuorum, 1);
  if (!compiled) refuse(compiled.error());
  return *compiled;
}

app::ShardOptions stage_options(const FleetOptions& options, app::TimeBudget::Clock clock) {
  app::ShardOptions stage;
  stage.table.step_s = kStep_s;
  stage.table.history_points = options.history_points;
  stage.table.max_series = static_cast<std::uint32_t>(options.series + 1000);
  stage.table.max_bytes = std::size_t{16} << 30;
  stage.detector_bytes = options.detector_bytes;
  stage.vote_time = std::chrono::duration_cast<std::chrono::nanoseconds>(options.time_share *
                                                                         std::chrono::seconds(1));
  stage.clock = std::move(clock);
  return stage;
}

}  // namespace

Fleet::Fleet(const FleetOptions& options, const std::vector<Points>& values)
    : options_(options),
      values_(values),
      stage_(stage_options(options,
                           [this, skipped = std::chrono::nanoseconds(0)]() mutable {
                             if (in_time_) return app::TimeBudget::steady_clock();
                             return skipped += std::chrono::hours(1);
                           }),
             compile(options.detect),
             {[](const app::ShardReportPtr&) {},
              [this](const publish::BatchPtr& batch) { records_ += batch->records.size(); }}),
      batch_(kBatch) {
  for (const Points& points : values_) deviations_.push_back(deviation_of(points));
  stage_.tick(at(window_, 0));
  work();
  define();
  // The first vote makes the running states, which then follow point by point.
  send(0);
  tick(0);
}

void Fleet::define() {
  for (std::size_t i = 0; i < options_.series; ++i) {
    std::string bytes;
    event::append_identity({SeriesKind::kGauge,
                            "web-" + std::to_string(i % 500),
                            "load.metric." + std::to_string(i / 500),
                            {"prod"},
                            {}},
                           bytes);
    batch_.definitions.push_back(
        {static_cast<pipeline::WireId>(i), static_cast<std::uint32_t>(bytes.size())});
    batch_.definition_bytes += bytes;
    if (batch_.definitions.size() == kBatch || i + 1 == options_.series) {
      stage_.batch(0, batch_);
      batch_.clear();
    }
  }
}

void Fleet::send(double shift) {
  for (std::size_t i = 0; i < options_.series; ++i) {
    const std::size_t kind = i % values_.size();
    const Points& points = values_[kind];
    const double value =
        points[static_cast<std::size_t>(window_) % points.size()] + shift * deviations_[kind];
    batch_.samples.push_back(
        {static_cast<pipeline::WireId>(i), SampleOp::kSetGauge, 0, 0, value, 1});
    if (batch_.samples.size() == kBatch || i + 1 == options_.series) {
      batch_.records[0] = static_cast<std::uint32_t>(batch_.samples.size());
      stage_.batch(0, batch_);
      batch_.clear();
    }
  }
  points_ += options_.series;
}

void Fleet::pass() {
  send(0);
  in_time_ = false;
  stage_.tick(at(++window_, 0));
  work();
}

void Fleet::tick(std::uint32_t second) {
  if (second == 0) ++window_;
  in_time_ = true;
  stage_.tick(at(window_, second));
  work();
}

void Fleet::work() {
  while (stage_.work()) {
  }
}

}  // namespace tocsin::bench
