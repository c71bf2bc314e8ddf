#include "src/rules/derive/deriver.hpp"

#include <optional>
#include <utility>

#include "src/event/identity_hash.hpp"

namespace tocsin::rules::derive {

Deriver::Deriver(const Program& program, std::uint64_t seed, SampleQueue& out)
    : program_(program), seed_(seed), out_(out), tallies_(program.rules().size()) {}

void Deriver::apply(std::uint32_t index, const parse::Record& record) {
  const Rule& rule = program_.rules()[index];
  Tally& tally = tallies_[index];
  RawSample sample;
  sample.name = rule.name;
  sample.kind = SeriesKind::kCounter;
  sample.op = SampleOp::kAdd;
  sample.value = 1;
  if (rule.value) {
    const std::optional<double> number = parse::as_number(record.find(*rule.value));
    if (!number) {
      ++tally.skipped;
      return;
    }
    sample.kind = SeriesKind::kHistogram;
    sample.op = SampleOp::kObserve;
    sample.value = *number;
  }
  out_.begin(rule.group_bytes);
  if (!rule.by.empty()) add_group(rule, tally, record);
  out_.end(sample);
}

void Deriver::add_group(const Rule& rule, Tally& tally, const parse::Record& record) {
  for (const parse::FieldName& field : rule.by) {
    out_.add(field.text(), parse::as_text(record.find(field), record.arena()));
  }
  if (rule.roster->admit(event::hash_bytes(out_.group(), seed_).low, minute_)) return;
  ++tally.overflowed;
  out_.begin_again();
  for (const parse::FieldName& field : rule.by) out_.add(field.text(), kOther);
}

Deriver::Tally Deriver::take_tally(std::uint32_t rule) noexcept {
  return std::exchange(tallies_[rule], Tally());
}

}  // namespace tocsin::rules::derive
