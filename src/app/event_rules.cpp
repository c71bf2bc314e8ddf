#include "src/app/event_rules.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "src/app/series_event.hpp"
#include "src/event/compact_form.hpp"
#include "src/event/event_access.hpp"
#include "tocsin/event_viewer.hpp"

namespace tocsin::app {
namespace {

using pipeline::InputId;
using rules::parse::Keep;

// Of a failing line in the remark about it.
constexpr std::size_t kMostRemarkBytes = 512;
// How many remarks about failures of one rule the index keeps: the last ones.
constexpr std::uint32_t kSamples = 8;
constexpr auto kOverflowTtl = std::chrono::minutes(1);
// Events of a plan that are kept in a beat before one is held: what is held is parsed twice, which
// must stay little beside what is not sent.
constexpr std::uint32_t kBusy = 16;
// What a plan keeps of the memory of an event that it held: tens of thousands of plans may.
constexpr std::size_t kMostSpareBytes = 1024;

// Whether a plan's source is that of this event.
bool is_of(const ParseSource& source, const EventView& event) {
  return source.host == event.host && source.service == event.service &&
         std::ranges::equal(source.tags, event.tags);
}

event::Hash128 key_of(InputId input, const EventView& event, std::uint64_t seed) {
  seed += input;
  for (const std::string_view tag : event.tags) seed = event::hash_bytes(tag, seed).low;
  seed = event::hash_bytes(event.host, seed).low;
  return event::hash_bytes(event.service, seed);
}

bool is_kept(Keep keep, bool failed) noexcept {
  return keep == Keep::kAll || (keep == Keep::kFailures && failed);
}

}  // namespace

class EventRules::InputIntake final : public Intake {
 public:
  InputIntake(EventRules& rules, Intake& router, InputId input)
      : rules_(rules), router_(router), input_(input) {}

  std::size_t samples(std::span<const RawSample> samples,
                      const IdentityResolver& resolver) override {
    return router_.samples(samples, resolver);
  }
  bool event(const EventView& event) override { return rules_.event(input_, event); }
  void drop(std::size_t records) override { router_.drop(records); }
  void reject(RejectCause cause, std::string_view record, std::size_t offset,
              std::string_view text) override {
    router_.reject(cause, record, offset, text);
  }

 private:
  EventRules& rules_;
  Intake& router_;
  const InputId input_;
};

EventRules::EventRules(pipeline::Router& router, std::uint64_t seed)
    : router_(router),
      seed_(seed),
      derived_(router.intake(kDerivedInput)),
      counted_(router.intake(kSelfInput)) {
  for (std::size_t i = 0; i < intakes_.size(); ++i) {
    const auto input = static_cast<InputId>(i);
    intakes_[i] = std::make_unique<InputIntake>(*this, router.intake(input), input);
  }
}

EventRules::~EventRules() = default;

Intake& EventRules::intake(InputId input) {
  return *intakes_[input];
}

void EventRules::name_input(InputId input, std::string name) {
  names_[input] = std::move(name);
}

void EventRules::adopt(EventProgramPtr program) {
  release_held();
  if (counts_) tell_counts();
  // Samples that wait bear names of the rules that made them.
  if (program_ != nullptr && !derived_.empty()) retired_.push_back(program_);
  plans_.clear();
  last_plan_ = nullptr;
  program_ = std::move(program);
  parser_.emplace(program_->parse());
  again_.emplace(rules::parse::Parser(program_->parse()), rules::parse::Record());
  deriver_.emplace(program_->derive(), seed_, derived_);
  counts_.emplace(program_->parse(), program_->derive());
  next_sample_.assign(program_->parse().rules().size(), 0);
}

bool EventRules::settle() {
  if (!release_waiting()) return false;
  release_held();
  ++beat_;
  if (!waiting_.empty() || !derived_.flush()) return false;
  retired_.clear();
  return counted_.flush();
}

bool EventRules::event(InputId input, const EventView& event) {
  if (program_ == nullptr || program_->empty()) return router_.intake(input).event(event);
  if ((!waiting_.empty() || !derived_.make_room()) && !settle()) return false;
  Plan& plan = plan_of(input, event);
  if (plan.rules.parse.empty() && plan.rules.derive.empty()) {
    return router_.intake(input).event(event);
  }
  record_.assign(event);
  parser_->begin();
  Keep keep = Keep::kAll;
  const bool dropped = !parse(plan, keep);
  const bool failed = parser_->failure_count() > 0;
  if (failed) announce_failures(plan);
  if (dropped) {
    router_.end_event(input, false);
    return true;
  }
  // Of another identity: finding its plan may end this one.
  const bool is_other = record_.has_new_identity();
  measure(is_other ? find_plan(input, record_.view()).rules : plan.rules);
  if (!is_kept(keep, failed)) {
    router_.end_event(input, true);
  } else if (is_other) {
    route(input, record_.view());
  } else if (!failed && may_hold(plan)) {
    hold(plan, event);
  } else {
    end_held(plan);
    route(input, record_.view());
  }
  return true;
}

// Whether this event, which is to be kept, may wait for the next one.
bool EventRules::may_hold(Plan& plan) {
  if (plan.beat != beat_) plan.kept = 0;
  plan.beat = beat_;
  return ++plan.kept > kBusy && !plan.followed && !router_.is_ahead(record_.time()) &&
         !record_.has_metric();
}

void EventRules::hold(Plan& plan, const EventView& event) {
  end_held(plan);
  event::append_event(event, plan.held);
  if (!std::exchange(plan.listed, true)) holding_.push_back(&plan);
}

void EventRules::end_held(Plan& plan) {
  if (plan.held.empty()) return;
  plan.held.clear();
  router_.end_event(plan.input, true);
}

void EventRules::find_applicable(const EventPlan& plan, const rules::parse::Record& record) {
  applicable_.clear();
  for (const query::Match& match : plan.parse) {
    if (match.residue.matches(record)) applicable_.push_back(match.index);
  }
}

bool EventRules::parse(Plan& plan, Keep& keep) {
  const std::vector<rules::parse::Rule>& all = program_->parse().rules();
  find_applicable(plan.rules, record_);
  if (applicable_.empty()) return true;
  bool dropped = false;
  for (const std::uint32_t rule : applicable_) {
    const std::size_t failures = parser_->failure_count();
    dropped = !parser_->apply(all[rule], record_);
    counts_->count_rule(rule, parser_->failure_count() > failures);
    keep = std::max(keep, all[rule].keep);
    if (!dropped) continue;
    counts_->count_drop(rule);
    break;
  }
  const bool failed = parser_->failure_count() > 0;
  counts_->count_line(plan.source, failed);
  // What a step took apart may be gone from the description: the line as it came is kept.
  if (failed && record_.view().description != record_.raw_message()) {
    static const auto original = rules::parse::FieldName::parse("event.original");
    (void)record_.set(original, rules::parse::Value::text(record_.raw_message()));
  }
  return !dropped;
}

void EventRules::measure(const EventPlan& plan) {
  for (const query::Match& match : plan.derive) {
    if (match.residue.matches(record_)) deriver_->apply(match.index, record_);
  }
}

void EventRules::release_held() {
  EventViewer viewer;
  for (Plan* const plan : holding_) {
    plan->listed = false;
    if (plan->held.empty()) continue;
    const Event event = event_from(plan->held);
    plan->held.clear();
    if (plan->held.capacity() > kMostSpareBytes) plan->held.shrink_to_fit();
    rules::parse::Record& record = again_->record;
    record.assign(viewer.view(event));
    again_->parser.begin();
    find_applicable(plan->rules, record);
    for (const std::uint32_t rule : applicable_) {
      (void)again_->parser.apply(program_->parse().rules()[rule], record);
    }
    route(plan->input, record.view());
  }
  holding_.clear();
}

bool EventRules::release_waiting() {
  EventViewer viewer;
  const auto took = [&](const Waiting& waiting) {
    return router_.intake(waiting.input).event(viewer.view(waiting.event));
  };
  waiting_.erase(waiting_.begin(), std::ranges::find_if_not(waiting_, took));
  return waiting_.empty();
}

void EventRules::route(InputId input, const EventView& event) {
  if (waiting_.empty() && router_.intake(input).event(event)) return;
  waiting_.push_back({input, event::to_event(event)});
}

EventRules::Plan& EventRules::plan_of(InputId input, const EventView& event) {
  if (last_plan_ == nullptr || last_input_ != input || !is_of(last_plan_->source, event)) {
    last_plan_ = &find_plan(input, event);
    last_input_ = input;
  }
  return *last_plan_;
}

EventRules::Plan& EventRules::find_plan(InputId input, const EventView& event) {
  const event::Hash128 key = key_of(input, event, seed_);
  if (const auto known = plans_.find(key); known != plans_.end()) return *known->second;
  if (plans_.size() >= kMostPlans) {
    release_held();
    tell_counts();
    plans_.clear();
    last_plan_ = nullptr;
  }
  auto plan = std::make_unique<Plan>();
  plan->input = input;
  plan->source = {names_[input],
                  std::string(event.host),
                  std::string(event.service),
                  {event.tags.begin(), event.tags.end()}};
  EventView identifying;
  identifying.host = event.host;
  identifying.service = event.service;
  identifying.tags = event.tags;
  const Identity identity = event::identity_of(event::to_event(identifying));
  program_->plan(identity, plan->rules);
  plan->followed = program_->follows(identity);
  return *plans_.emplace(key, std::move(plan)).first->second;
}

void EventRules::tick(TimePoint now) {
  now_ = now;
  if (!counts_) return;
  const auto minute = std::chrono::floor<std::chrono::minutes>(now).time_since_epoch().count();
  deriver_->set_minute(static_cast<std::uint32_t>(minute));
  parser_->refill();
  // While earlier counts find no room, they are counted on.
  if (!counted_.flush()) return;
  tell_counts();
  (void)counted_.flush();
}

void EventRules::tell_counts() {
  std::vector<std::uint64_t> overflowed;
  counts_->tell(*parser_, *deriver_, counted_, overflowed);
  for (std::uint32_t rule = 0; rule < overflowed.size(); ++rule) {
    if (overflowed[rule] > 0) announce_overflow(rule, overflowed[rule]);
  }
}

// The last ones of each rule stay in the index: `tocsin query 'service = "tocsin.parse.failure"'`.
void EventRules::announce_failures(const Plan& plan) {
  for (std::size_t i = 0; i < parser_->failure_count(); ++i) {
    const rules::parse::Parser::Failure& failure = parser_->failure(i);
    if (failure.explanation.empty()) continue;
    const auto& [step, rule] = program_->parse().steps()[failure.step];
    const std::string& name = program_->parse().rules()[rule].name;
    Event event;
    event.time = now_;
    event.service = "tocsin.parse.failure";
    event.state = state::kWarning;
    event.description = failure.explanation;
    event.tags = {"sample:" + std::to_string(next_sample_[rule]++ % kSamples), "rule:" + name};
    event.attributes = {{"input", plan.source.input},
                        {"place", step->place},
                        {"program", plan.source.service},
                        {"record", std::string(record_.raw_message().substr(0, kMostRemarkBytes))},
                        {"rule", name},
                        {"source", plan.source.host},
                        {"step", counts_->step_name(failure.step)}};
    say(std::move(event));
  }
}

void EventRules::announce_overflow(std::uint32_t index, std::uint64_t samples) {
  const rules::derive::Rule& rule = program_->derive().rules()[index];
  std::string fields;
  for (const rules::parse::FieldName& field : rule.by) {
    fields += (fields.empty() ? "" : ", ") + field.text();
  }
  Event event;
  event.time = now_;
  event.service = "tocsin.derive.limit";
  event.state = state::kCritical;
  event.metric = static_cast<std::int64_t>(samples);
  event.ttl = kOverflowTtl;
  event.description = "more than " + std::to_string(rule.roster->most()) + " groups of " + fields +
                      ": further ones count as _other (max_groups of the derive rule " + rule.name +
                      ")";
  event.tags = {"rule:" + rule.name};
  event.attributes = {{"rule", rule.name}};
  say(std::move(event));
}

void EventRules::say(Event event) {
  event::normalise(event);
  EventViewer viewer;
  // A full pipeline has no room for remarks. They are not worth waiting for, but are counted.
  Intake& own = router_.intake(kSelfInput);
  if (!own.event(viewer.view(event))) own.drop(1);
}

}  // namespace tocsin::app
