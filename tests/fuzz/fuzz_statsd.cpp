// Any bytes through the statsd decoder, in every dialect. Properties: all bytes are taken and every
// piece is counted exactly once, as the slow oracle of the unit tests counts it; the samples are
// the oracle's; every view lies inside the input; offsets lie inside the input; what the resolver
// makes of a sample keeps its promises.
// Input:   the first byte chooses the options, the rest is one datagram.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "ingest/statsd/decoder.hpp"
#include "ingest/statsd/sample_event.hpp"
#include "src/event/event_access.hpp"
#include "tests/unit/ingest/statsd/naive_decoder.hpp"

namespace {

using tocsin::statsd::Options;
using tocsin::statsd::testing::NaiveOutcome;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_sorted_and_unique(const auto& range, auto less) {
  return std::adjacent_find(range.begin(), range.end(), std::not_fn(less)) == range.end();
}

// Takes a few samples at a time, so that batches are split everywhere.
class CheckingIntake final : public tocsin::Intake {
 public:
  CheckingIntake(std::string_view input, const NaiveOutcome& expected)
      : input_(input), expected_(expected) {}

  [[nodiscard]] std::size_t samples(std::span<const tocsin::RawSample> samples,
                                    const tocsin::IdentityResolver& resolver) override {
    const std::size_t count = std::min<std::size_t>(samples.size(), 5);
    for (const tocsin::RawSample& sample : samples.first(count)) check(sample, resolver);
    return count;
  }
  [[nodiscard]] bool event(const tocsin::EventView& view) override {
    const tocsin::Event event = tocsin::event::to_event(view);
    require(is_sorted_and_unique(event.tags, std::less<>()));
    require(!event.service.empty());
    ++messages_;
    return true;
  }
  void drop(std::size_t) override { std::abort(); }
  void reject(tocsin::RejectCause cause, std::string_view record, std::size_t offset,
              std::string_view text) override {
    require(cause < tocsin::RejectCause::kCount_ && !text.empty());
    require(is_inside(record) && offset <= input_.size());
    ++rejects_;
  }

  void check_totals() const {
    require(samples_ == expected_.samples.size());
    require(messages_ + rejects_ == expected_.messages + expected_.rejects.size());
  }

 private:
  bool is_inside(std::string_view view) const {
    const std::less_equal<const char*> not_behind;
    return view.empty() || (not_behind(input_.data(), view.data()) &&
                            not_behind(view.data() + view.size(), input_.data() + input_.size()));
  }

  void check(const tocsin::RawSample& sample, const tocsin::IdentityResolver& resolver) {
    require(is_inside(sample.name) && is_inside(sample.tags));
    // The strict dialect counts an empty member as "0", which stands in no input.
    require(is_inside(sample.member) || sample.member == "0");
    require(samples_ < expected_.samples.size());
    const auto& expected = expected_.samples[samples_++];
    require(sample.kind == expected.kind && sample.op == expected.op);
    require(sample.name == expected.name && sample.tags == expected.tags);
    require(sample.member == expected.member && sample.timestamp_s == expected.timestamp_s);
    require(sample.value == expected.value && sample.weight == expected.weight);

    const auto identity = resolver.resolve(sample);
    if (!identity) return;
    require(is_sorted_and_unique(identity->tags, std::less<>()));
    require(is_sorted_and_unique(identity->attributes,
                                 [](const auto& a, const auto& b) { return a.key < b.key; }));
    require(tocsin::statsd::sample_event(sample, *identity, {}).service == identity->service);
  }

  std::string_view input_;
  const NaiveOutcome& expected_;
  std::size_t samples_ = 0;
  std::size_t messages_ = 0;
  std::size_t rejects_ = 0;
};

Options choose_options(std::uint8_t byte) {
  Options options;
  options.dialect = static_cast<tocsin::statsd::Dialect>(byte % 3);
  if ((byte & 0x10) != 0) options.telemetry_prefix = "datadog.";
  if ((byte & 0x20) != 0) options.max_record_bytes = 100;
  if ((byte & 0x40) != 0) options.gauge_sign = tocsin::statsd::GaugeSign::kAbsolute;
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const Options options = choose_options(bytes[0]);
  const std::string_view input(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const NaiveOutcome expected = tocsin::statsd::testing::naive_decode(input, options);
  CheckingIntake intake(input, expected);
  tocsin::statsd::Decoder decoder(options, intake);
  std::string_view rest = input;
  while (!rest.empty()) rest.remove_prefix(decoder.decode(rest, {}));
  while (!decoder.flush()) {
  }
  intake.check_totals();
  return 0;
}
