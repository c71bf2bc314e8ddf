#include "src/app/roll_up_stage.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace tocsin::app {
namespace {

constexpr std::size_t kRingReports = 1024;
constexpr auto kFullWait = std::chrono::milliseconds(1);
// Results have a ttl; what does not change is written again well before it ends.
constexpr auto kRefresh = std::chrono::minutes(1);

}  // namespace

Result<std::unique_ptr<RollUpStage>> RollUpStage::make(
    const RollUpOptions& options, CompiledRulesPtr rules,
    std::function<void(publish::BatchPtr)> results) {
  auto tree = service::Tree::make(rules->service_specs());
  if (!tree) return tree.error();
  return std::unique_ptr<RollUpStage>(new RollUpStage(
      options, Generation{rules->generation(), std::move(*tree)}, std::move(results)));
}

RollUpStage::RollUpStage(const RollUpOptions& options, Generation generation,
                         std::function<void(publish::BatchPtr)> results)
    : options_(options),
      results_(std::move(results)),
      encoder_(options.key_prefix, options.retention),
      forwarding_(options.forwarding),
      open_shards_(options.shards),
      generation_(std::move(generation)),
      snapshot_(generation_.tree.snapshot()) {
  for (std::size_t i = 0; i < options.shards; ++i) {
    inputs_.push_back(std::make_unique<Input>(kRingReports));
  }
}

void RollUpStage::report(std::size_t shard, ShardReportPtr report) {
  while (!inputs_[shard]->ring.try_push(report)) std::this_thread::sleep_for(kFullWait);
  bell_.ring();
}

void RollUpStage::run() {
  while (!ended()) {
    const std::uint32_t heard = bell_.heard();
    if (!poll() && !ended()) bell_.wait(heard);
  }
}

void RollUpStage::take_next() {
  std::unique_ptr<Generation> next;
  {
    const std::lock_guard lock(mutex_);
    next = std::exchange(next_, nullptr);
  }
  if (!next) return;
  next->tree.inherit(generation_.tree);
  generation_ = std::move(*next);
  settled_ = false;
}

bool RollUpStage::all_know_these_rules() const {
  return std::all_of(inputs_.begin(), inputs_.end(), [this](const auto& input) {
    return input->ended || input->generation == generation_.number;
  });
}

bool RollUpStage::poll() {
  bool any = false;
  ShardReportPtr report;
  for (const auto& input : inputs_) {
    // A shard that is ahead waits for the others.
    while (!input->ended && input->tick <= now_ && input->ring.try_pop(report)) {
      any = true;
      apply(*report);
      input->tick = std::max(input->tick, report->tick);
      input->generation = report->generation;
      if (report->last) {
        input->ended = true;
        --open_shards_;
      }
    }
  }
  if (any) advance();
  return any;
}

void RollUpStage::apply(ShardReport& report) {
  if (report.generation > generation_.number) take_next();
  if (report.generation != generation_.number) return;  // of rules that are gone
  signals_.add(report.signals.size());
  for (SignalMessage& message : report.signals) {
    const SignalTarget& target = message.target;
    if (target.member_class == SignalTarget::kBusiness) {
      generation_.tree.business_signal(target.service, message.name, message.series,
                                       std::move(message.signal));
    } else {
      generation_.tree.member_signal(target.service, target.member_class, target.member,
                                     message.series, std::move(message.signal));
    }
  }
}

void RollUpStage::advance() {
  TimePoint slowest = TimePoint::max();
  TimePoint latest{};
  for (const auto& input : inputs_) {
    latest = std::max(latest, input->tick);
    if (!input->ended) slowest = std::min(slowest, input->tick);
  }
  if (open_shards_ == 0) slowest = latest;
  if (slowest > now_) tick(slowest);
}

void RollUpStage::tick(TimePoint now) {
  now_ = now;
  // The first report of a shard that has the new rules holds what all its series have to say.
  if (!settled_ && all_know_these_rules()) {
    generation_.tree.settle();
    settled_ = true;
  }
  const std::vector<service::Transition> changes = generation_.tree.tick(now);
  signals_refused_.set(generation_.tree.refused());
  const auto snapshot = generation_.tree.snapshot();
  {
    const std::lock_guard lock(mutex_);
    snapshot_ = snapshot;
  }
  auto batch = std::make_unique<publish::Batch>();
  batch->tick = now;
  for (const service::Transition& change : changes) {
    if (change.view != "rolled") continue;
    transitions_.add(1);
    if (options_.on_transition) options_.on_transition(change);
    const publish::TransitionRecord record{change.service, now, to_string(change.from),
                                           to_string(change.to), change.because};
    batch->records.push_back(encoder_.transition(record));
    batch->records.push_back(encoder_.transition_listing(record));
  }
  const bool refresh = now - refreshed_ >= kRefresh;
  if (refresh) refreshed_ = now;
  for (const service::ServiceView& view : snapshot->services) {
    const bool changed =
        std::any_of(changes.begin(), changes.end(),
                    [&](const service::Transition& change) { return change.service == view.name; });
    if (changed || refresh) put_health(*batch, view, now);
  }
  results_(std::move(batch));
}

void RollUpStage::put_health(publish::Batch& batch, const service::ServiceView& view,
                             TimePoint now) const {
  std::vector<publish::HealthMember> members;
  for (const auto* list : {&view.business, &view.members}) {
    for (const service::MemberView& member : *list) {
      members.push_back({member.name, to_string(member.health), member.reason});
    }
  }
  const std::vector<std::string_view> because(view.because.begin(), view.because.end());
  publish::HealthRecord record;
  record.service = view.name;
  record.time = now;
  record.since = view.since;
  record.own = to_string(view.own);
  record.rolled = to_string(view.rolled);
  record.strict = to_string(view.strict);
  record.members = members;
  record.because = because;
  batch.records.push_back(encoder_.service(record));
  batch.records.push_back(encoder_.service_listing(view.name));
  forwarding_.tell_health(view, now, batch);
}

Result<void> RollUpStage::adopt(CompiledRulesPtr rules) {
  auto tree = service::Tree::make(rules->service_specs());
  if (!tree) return tree.error();
  auto next = std::make_unique<Generation>(Generation{rules->generation(), std::move(*tree)});
  {
    const std::lock_guard lock(mutex_);
    next_ = std::move(next);
  }
  return {};
}

std::shared_ptr<const service::Snapshot> RollUpStage::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

}  // namespace tocsin::app
