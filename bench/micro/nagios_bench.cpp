// Cost of decoding Nagios results, without what the pipeline does with them. Items are events: the
// state of a check and each of its measurements. Every benchmark checks that each became one, and
// the sum of the values; ns/event is the inverse of items_per_second. The NSCA benchmarks decrypt,
// check the CRC and decode; their items are packets.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "ingest/nagios/nsca_decoder.hpp"
#include "ingest/nagios/nsca_server.hpp"
#include "ingest/nagios/passive_decoder.hpp"
#include "tests/unit/ingest/nagios/packets.hpp"

namespace {

using tocsin::nagios::NscaDecoder;
using tocsin::nagios::NscaServer;
using tocsin::nagios::PassiveDecoder;
namespace nsca = tocsin::nagios::nsca;

constexpr std::size_t kResults = 5000;  // different ones, which no branch predictor remembers

class SummingIntake final : public tocsin::Intake {
 public:
  [[nodiscard]] std::size_t samples(std::span<const tocsin::RawSample>,
                                    const tocsin::IdentityResolver&) override {
    return 0;
  }
  [[nodiscard]] bool event(const tocsin::EventView& event) override {
    sum += tocsin::as_double(event.metric).value_or(0);
    bytes += event.service.size() + event.host.size() + event.description.size();
    attributes += event.attributes.size();
    ++count;
    return true;
  }
  void drop(std::size_t) override { ++lost; }
  void reject(tocsin::RejectCause, std::string_view, std::size_t, std::string_view) override {
    ++lost;
  }

  double sum = 0;
  std::size_t count = 0;
  std::size_t bytes = 0;
  std::size_t attributes = 0;
  std::size_t lost = 0;
};

void report(benchmark::State& state, std::size_t items, const char* unit) {
  state.SetItemsProcessed(static_cast<std::int64_t>(items));
  state.counters[unit] = benchmark::Counter(
      static_cast<double>(items) / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// A check_load or check_disk with `labels` measurements, each with thresholds.
void passive_lines(benchmark::State& state) {
  const auto labels = static_cast<std::size_t>(state.range(0));
  std::mt19937 random(2003);
  std::string lines;
  double sum = 0;
  for (std::size_t i = 0; i < kResults; ++i) {
    lines += "[1795229000] PROCESS_SERVICE_CHECK_RESULT;web-" + std::to_string(random() % 900) +
             ";Load of the host;" + std::to_string(random() % 4) +
             ";LOAD OK - total load average: 3.27, 2.31, 1.43";
    for (std::size_t label = 0; label < labels; ++label) {
      const auto thousandths = random() % 100'000;
      const std::string decimals = std::to_string(1000 + thousandths % 1000).substr(1);
      lines += label == 0 ? "|" : " ";
      lines += "load" + std::to_string(label) + "=" + std::to_string(thousandths / 1000) + "." +
               decimals + ";50.000;90.000;0;";
      sum += static_cast<double>(thousandths) / 1000;
    }
    lines += '\n';
  }
  SummingIntake intake;
  PassiveDecoder decoder({}, intake);
  for (auto _ : state) benchmark::DoNotOptimize(decoder.decode(lines, {}));
  const auto rounds = static_cast<std::size_t>(state.iterations());
  if (intake.count != rounds * kResults * (labels + 1) || intake.lost != 0 ||
      std::abs(intake.sum / static_cast<double>(rounds) - sum) > 1e-6 * sum) {
    state.SkipWithError("not every result became its events");
  }
  report(state, intake.count, "ns/event");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(lines.size()));
}

void nsca_packets(benchmark::State& state) {
  const auto method = *nsca::find_method(static_cast<int>(state.range(0)));
  constexpr std::size_t kPackets = 20;
  const nsca::Iv iv = tocsin::nagios::testing::iv_of_letters();
  std::string clear;
  for (std::size_t i = 0; i < kPackets; ++i) {
    tocsin::nagios::testing::PacketFields fields;
    fields.output = "HTTP OK: 200 in 0.120s|time=0.120s;1;5;0 size=" + std::to_string(i) + "B";
    clear += tocsin::nagios::testing::packet(fields);
  }
  const std::string wire =
      tocsin::nagios::testing::sealed(clear, method, "secret", iv, nsca::kPacketBytes);
  const auto key = *nsca::Key::make(method, "secret");
  SummingIntake intake;
  NscaDecoder decoder({}, intake);
  std::size_t packets = 0;
  for (auto _ : state) {
    NscaServer server({key}, iv, {});
    std::string_view rest = wire;
    while (!rest.empty()) {
      const NscaServer::Step step = server.step(rest, {});
      if (step.kind != NscaServer::Step::Kind::kMessage) break;
      benchmark::DoNotOptimize(decoder.decode(step.message, {}));
      server.acknowledge();
      rest.remove_prefix(step.consumed);
      ++packets;
    }
  }
  if (packets != static_cast<std::size_t>(state.iterations()) * kPackets ||
      intake.count != 3 * packets || intake.lost != 0) {
    state.SkipWithError("not every packet became its events");
  }
  report(state, packets, "ns/packet");
}

BENCHMARK(passive_lines)->ArgName("labels")->Arg(0)->Arg(3)->Arg(20);
BENCHMARK(nsca_packets)->ArgName("method")->Arg(0)->Arg(1)->Arg(3)->Arg(14);

}  // namespace
