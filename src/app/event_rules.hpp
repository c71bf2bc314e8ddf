// EventRules: what stands between the decoders of an ingest thread and its router. Events are
// parsed and measured as the rules say, and go on to their series; samples pass.
//
//     decoder -> intake(input) -> [parse rules] -> [derive rules] -> router: the event
//                                                        '---------> router: input `derive`
//
// Of a series that only the index follows, the next event takes the place of the last one there: when
// many come between two beats, the last one goes, and those before it end here. As that may be any, an
// event is kept as it came, and parsed again when it is to go.
//
// Accounting: an event is one record of its input: it is routed, or ends here by a rule. What was
// taken from a decoder is never asked for again: what a full pipeline does not take of it waits,
// and no further event is taken meanwhile. Tocsin's own counts are records of the input `tocsin`.
// Threads: one ingest thread.
// Cost:    an event that no rule concerns costs a look-up of its identity; no event allocates in
//          the steady state.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/app/event_program.hpp"
#include "src/app/parse_counts.hpp"
#include "src/event/identity_hash.hpp"
#include "src/pipeline/router.hpp"
#include "src/rules/derive/deriver.hpp"
#include "src/rules/derive/sample_queue.hpp"
#include "src/rules/parse/parser.hpp"
#include "src/rules/parse/record.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::app {

// The input under which samples of derive rules are counted.
inline constexpr pipeline::InputId kDerivedInput = pipeline::kMaxInputs - 2;
// The input under which Tocsin itself speaks: remarks about what was refused, and counts.
inline constexpr pipeline::InputId kSelfInput = pipeline::kMaxInputs - 1;

class EventRules {
 public:
  // Identities of which it is known which rules concern them; beyond, all are found out anew.
  static constexpr std::size_t kMostPlans = 65'536;

  // `router` outlives this. `seed`: of hashes; secret.
  EventRules(pipeline::Router& router, std::uint64_t seed);
  ~EventRules();
  EventRules(const EventRules&) = delete;
  EventRules& operator=(const EventRules&) = delete;

  // The Intake of one input on this thread. Valid as long as this.
  [[nodiscard]] Intake& intake(pipeline::InputId input);
  // How an input is called in counts. Before its first event.
  void name_input(pipeline::InputId input, std::string name);

  // A new generation of rules.
  void adopt(EventProgramPtr program);

  // Hands over what waits; at each beat and at the end. False: the pipeline is full.
  [[nodiscard]] bool settle();
  // A second has passed: counts become samples. Those that find no room go with the next.
  void tick(TimePoint now);

 private:
  class InputIntake;
  struct Plan {
    EventPlan rules;
    ParseSource source;
    pipeline::InputId input = 0;
    bool followed = true;    // by more than the index
    std::uint64_t beat = 0;  // of the last event that was kept,
    std::uint32_t kept = 0;  // and how many since then
    std::string held;        // the last one as it came; empty: none waits
    bool listed = false;     // in holding_
  };
  struct Waiting {
    pipeline::InputId input;
    Event event;
  };
  // To parse what is held again; what it counts has been counted.
  struct Again {
    rules::parse::Parser parser;
    rules::parse::Record record;
  };

  [[nodiscard]] bool event(pipeline::InputId input, const EventView& event);
  // The plan of events like this one; of the last event's identity without a look-up.
  [[nodiscard]] Plan& plan_of(pipeline::InputId input, const EventView& event);
  [[nodiscard]] Plan& find_plan(pipeline::InputId input, const EventView& event);
  [[nodiscard]] bool may_hold(Plan& plan);
  void hold(Plan& plan, const EventView& event);
  void end_held(Plan& plan);
  void release_held();
  [[nodiscard]] bool release_waiting();
  void find_applicable(const EventPlan& plan, const rules::parse::Record& record);
  // Applies the parse rules of a plan to record_. False: a rule dropped it.
  [[nodiscard]] bool parse(Plan& plan, rules::parse::Keep& keep);
  void measure(const EventPlan& plan);
  void route(pipeline::InputId input, const EventView& event);
  void announce_failures(const Plan& plan);
  void announce_overflow(std::uint32_t rule, std::uint64_t samples);
  void tell_counts();
  void say(Event event);

  pipeline::Router& router_;
  const std::uint64_t seed_;
  std::array<std::unique_ptr<InputIntake>, pipeline::kMaxInputs> intakes_;
  std::array<std::string, pipeline::kMaxInputs> names_;

  EventProgramPtr program_;               // null: no rules yet
  std::vector<EventProgramPtr> retired_;  // earlier ones, of which samples wait
  rules::derive::SampleQueue derived_;
  rules::derive::SampleQueue counted_;
  // Of the program.
  std::optional<rules::parse::Parser> parser_;
  std::optional<Again> again_;
  std::optional<rules::derive::Deriver> deriver_;
  std::optional<ParseCounts> counts_;

  absl::flat_hash_map<event::Hash128, std::unique_ptr<Plan>, event::Hash128Hasher> plans_;
  Plan* last_plan_ = nullptr;  // of the event before this one
  pipeline::InputId last_input_ = 0;
  std::vector<Plan*> holding_;  // those that held an event since the last beat
  std::uint64_t beat_ = 1;
  std::vector<std::uint32_t> next_sample_;  // by parse rule: which remark is replaced next

  rules::parse::Record record_;
  std::vector<std::uint32_t> applicable_;  // parse rules that an event met as it came
  std::vector<Waiting> waiting_;           // events that found no room
  TimePoint now_{};                        // the last tick
};

}  // namespace tocsin::app
