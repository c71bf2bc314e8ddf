#include "src/rules/parse/parser.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace tocsin::rules::parse {

Parser::Parser(const Program& program) {
  for (const Program::NumberedStep& numbered : program.steps()) {
    steps_.emplace_back().memory = numbered.step->operation->make_memory();
  }
}

bool Parser::apply(const Rule& rule, Record& record) {
  return run(rule.items, record);
}

// Recursion is bounded by the depth of the rule file.
bool Parser::run(const Items& items, Record& record) {
  for (const Item& item : items) {
    if (const auto* const step = std::get_if<Step>(&item)) {
      run(*step, record);
    } else if (const auto* const choice = std::get_if<std::unique_ptr<Choice>>(&item)) {
      const bool holds = (*choice)->when.matches(record);
      if (!run(holds ? (*choice)->then : (*choice)->otherwise, record)) return false;
    } else {
      return false;
    }
  }
  return true;
}

void Parser::run(const Step& step, Record& record) {
  StepState& state = steps_[step.number];
  switch (step.operation->apply(record, state.memory.get())) {
    case Outcome::kDone:
      if (!step.on_success.apply(record)) break;
      ++state.done;
      return;
    case Outcome::kSkipped:
      return;
    case Outcome::kFailed:
      break;
    case Outcome::kGaveUp:
      ++state.gave_up;
      for (const std::string& tag : step.tag_on_give_up) record.add_tag(tag);
      note_failure(step, record);
      return;
  }
  ++state.failed;
  for (const std::string& tag : step.tag_on_failure) record.add_tag(tag);
  note_failure(step, record);
}

void Parser::note_failure(const Step& step, const Record& record) {
  if (failures_ == failed_.size()) failed_.emplace_back();
  Failure& failure = failed_[failures_++];
  failure.step = step.number;
  failure.explanation.clear();
  StepState& state = steps_[step.number];
  if (state.explanations_left == 0) return;
  --state.explanations_left;
  failure.explanation = step.operation->explain(record, state.memory.get());
}

void Parser::refill() {
  for (StepState& state : steps_) state.explanations_left = kExplanations;
}

void Parser::take_tally(std::uint32_t step, Tally& out) {
  StepState& state = steps_[step];
  out.done = std::exchange(state.done, 0);
  out.failed = std::exchange(state.failed, 0);
  out.gave_up = std::exchange(state.gave_up, 0);
  out.patterns.clear();
  if (state.memory == nullptr) return;
  out.patterns = state.memory->pattern_matches;
  std::ranges::fill(state.memory->pattern_matches, 0);
}

}  // namespace tocsin::rules::parse
