#include "src/rules/derive/deriver.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "src/event/identity_hash.hpp"

namespace tocsin::rules::derive {

Deriver::Deriver(const Program& program, std::uint64_t seed, Intake& out)
    : program_(program), seed_(seed), out_(out), tallies_(program.rules().size()) {
  samples_.reserve(kMostWaiting + program.rules().size());
}

bool Deriver::make_room(std::size_t rules) {
  return samples_.size() + rules <= samples_.capacity() || flush();
}

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
  if (!rule.by.empty()) sample.tags = group_of(rule, tally, record);
  samples_.push_back(sample);
}

std::string_view Deriver::group_of(const Rule& rule, Tally& tally, const parse::Record& record) {
  std::size_t most = 0;
  for (const parse::FieldName& field : rule.by) most += group_bytes(field.text());
  char* const begin = groups_.allocate(most);
  const auto write = [&](auto value_of) {
    char* at = begin;
    for (const parse::FieldName& field : rule.by) {
      at = append_group(at, field.text(), value_of(field));
    }
    return std::string_view(begin, static_cast<std::size_t>(at - begin));
  };
  std::string_view group = write([&](const parse::FieldName& field) {
    return parse::as_text(record.find(field), record.arena());
  });
  if (!rule.roster->admit(event::hash_bytes(group, seed_).low, minute_)) {
    ++tally.overflowed;
    group = write([](const parse::FieldName&) { return kOther; });
  }
  groups_.shrink_to(begin, group.size());
  return group;
}

bool Deriver::flush() {
  const std::span<const RawSample> waiting = std::span(samples_).subspan(done_);
  if (!waiting.empty()) done_ += out_.samples(waiting, resolver_);
  if (done_ < samples_.size()) return false;
  samples_.clear();
  done_ = 0;
  groups_.reset();
  return true;
}

Deriver::Tally Deriver::take_tally(std::uint32_t rule) noexcept {
  return std::exchange(tallies_[rule], Tally());
}

}  // namespace tocsin::rules::derive
