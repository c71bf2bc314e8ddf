#include "src/app/parse_counts.hpp"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

namespace tocsin::app {
namespace {

using rules::derive::SampleQueue;

// Steps that are not expected to fail: a series of zeros would say nothing.
constexpr std::string_view kNeverFail[] = {"add_field", "remove_field", "add_tag", "remove_tag"};

struct Label {
  std::string_view name;
  std::string_view value;
};

void add(std::string_view series, std::uint64_t count, std::initializer_list<Label> labels,
         SampleQueue& out) {
  std::size_t most = 0;
  for (const Label& label : labels) most += rules::derive::group_bytes(label.name);
  out.begin(most);
  for (const Label& label : labels) out.add(label.name, label.value);
  RawSample sample;
  sample.name = series;
  sample.kind = SeriesKind::kCounter;
  sample.op = SampleOp::kAdd;
  sample.value = static_cast<double>(count);
  out.end(sample);
}

}  // namespace

ParseCounts::ParseCounts(const rules::parse::Program& parse, const rules::derive::Program& derive)
    : parse_(parse), derive_(derive), rules_(parse.rules().size()) {
  std::map<std::pair<std::uint32_t, std::string>, int> numbers;
  for (const rules::parse::Program::NumberedStep& numbered : parse.steps()) {
    const std::string& kind = numbered.step->kind;
    const int number = ++numbers[{numbered.rule, kind}];
    step_names_.push_back(kind + "." + std::to_string(number));
    can_fail_.push_back(std::ranges::find(kNeverFail, kind) == std::end(kNeverFail));
  }
}

void ParseCounts::tell(rules::parse::Parser& parser, rules::derive::Deriver& deriver,
                       SampleQueue& out, std::vector<std::uint64_t>& overflowed) {
  for (ParseSource* const source : sources_) {
    const Label host{"host", source->host};
    const Label input{"input", source->input};
    const Label program{"program", source->service};
    add("tocsin.parse.source.lines", source->lines, {host, input}, out);
    add("tocsin.parse.source.failures", source->failures, {host, input}, out);
    add("tocsin.parse.program.lines", source->lines, {program}, out);
    add("tocsin.parse.program.failures", source->failures, {program}, out);
    source->lines = source->failures = 0;
  }
  sources_.clear();
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const RuleCounts counts = std::exchange(rules_[i], RuleCounts());
    if (counts.lines == 0) continue;
    const Label rule{"rule", parse_.rules()[i].name};
    add("tocsin.parse.rule.lines", counts.lines, {rule}, out);
    add("tocsin.parse.rule.failures", counts.failures, {rule}, out);
    add("tocsin.parse.rule.dropped", counts.dropped, {rule}, out);
  }
  for (std::uint32_t i = 0; i < step_names_.size(); ++i) {
    parser.take_tally(i, tally_);
    if (tally_.tried() == 0) continue;
    const Label rule{"rule", parse_.rules()[parse_.steps()[i].rule].name};
    const Label step{"step", step_names_[i]};
    if (can_fail_[i] || tally_.failed + tally_.gave_up > 0) {
      add("tocsin.parse.step.failures", tally_.failed, {rule, step}, out);
      add("tocsin.parse.step.give_ups", tally_.gave_up, {rule, step}, out);
    }
    for (std::size_t n = 0; n < tally_.patterns.size(); ++n) {
      if (tally_.patterns[n] == 0) continue;
      const std::string pattern = std::to_string(n + 1);
      add("tocsin.parse.pattern.matches", tally_.patterns[n], {rule, step, {"pattern", pattern}},
          out);
    }
  }
  overflowed.assign(derive_.rules().size(), 0);
  for (std::uint32_t i = 0; i < overflowed.size(); ++i) {
    const rules::derive::Deriver::Tally tally = deriver.take_tally(i);
    overflowed[i] = tally.overflowed;
    const Label rule{"rule", derive_.rules()[i].name};
    if (tally.skipped > 0) add("tocsin.derive.skipped", tally.skipped, {rule}, out);
    if (tally.overflowed > 0) add("tocsin.derive.overflow", tally.overflowed, {rule}, out);
  }
}

}  // namespace tocsin::app
