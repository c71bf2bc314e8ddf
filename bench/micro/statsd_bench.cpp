// Cost of decoding statsd lines, without what the pipeline does with them.
// Each benchmark decodes the same 20 lines (or 20 datagrams of one line) over and over into an
// intake that only adds up values, and checks the sum; lines_varied decodes 40,000 different ones,
// which no branch predictor remembers, as in real traffic. Read "items_per_second" as lines per
// second; "ns/line" is its inverse.
#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bench/traffic/statsd.hpp"
#include "ingest/statsd/decoder.hpp"

namespace {

using tocsin::RawSample;
using tocsin::statsd::Decoder;

constexpr std::size_t kLines = 20;

class SummingIntake final : public tocsin::Intake {
 public:
  [[nodiscard]] std::size_t samples(std::span<const RawSample> samples,
                                    const tocsin::IdentityResolver&) override {
    for (const RawSample& sample : samples) {
      sum += sample.value;
      name_bytes += sample.name.size();
    }
    count += samples.size();
    return samples.size();
  }
  [[nodiscard]] bool event(const tocsin::EventView&) override { return true; }
  void drop(std::size_t records) override { lost += records; }
  void reject(tocsin::RejectCause, std::string_view, std::size_t, std::string_view) override {
    ++lost;
  }

  double sum = 0;
  std::size_t count = 0;
  std::size_t name_bytes = 0;
  std::size_t lost = 0;
};

constexpr std::array<std::string_view, 5> kHosts = {"web.api-12", "web.cart-3", "db.orders-07",
                                                    "cache.eu-west-1a", "edge.fra2-114"};
constexpr std::array<std::string_view, 4> kServices = {"checkout", "payments", "search", "login"};

std::string name(std::size_t i) {
  return std::string(kHosts[i % kHosts.size()]) + "." +
         std::string(kServices[i % kServices.size()]) + ".requests_total";
}

std::string counter(std::size_t i) {
  return name(i) + ":" + std::to_string(i % 7 + 1) + "|c";
}
std::string sampled(std::size_t i) {
  return counter(i) + "|@0.1";
}
std::string tagged(std::size_t i) {
  return counter(i) + "|#env:prod,region:eu-west-1,canary";
}
std::string timer(std::size_t i) {
  return name(i) + ":" + std::to_string(i * 13) + ".375|ms";
}
std::string set(std::size_t i) {
  return name(i) + ":user-" + std::to_string(i * 7919) + "|s";
}
std::string packed(std::size_t i) {
  return name(i) + ":1:2.5:3:4:5|d|#env:prod";
}
std::string mixed(std::size_t i) {
  if (i % 10 < 6) return counter(i);
  if (i % 10 < 9) return timer(i);
  return name(i) + ":" + std::to_string(i * 31) + "|g";
}

using LineMaker = std::string (*)(std::size_t);

void report(benchmark::State& state, std::size_t bytes) {
  const auto lines = state.iterations() * static_cast<std::int64_t>(kLines);
  state.SetItemsProcessed(lines);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
  state.counters["ns/line"] = benchmark::Counter(
      static_cast<double>(lines) / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void check(benchmark::State& state, const SummingIntake& intake, std::size_t samples_per_line) {
  const auto lines = static_cast<std::size_t>(state.iterations()) * kLines;
  if (intake.count != lines * samples_per_line || intake.lost != 0) {
    state.SkipWithError("not every line became samples");
  }
}

void lines_one_datagram(benchmark::State& state, LineMaker make, std::size_t samples_per_line) {
  std::string datagram;
  for (std::size_t i = 0; i < kLines; ++i) datagram += make(i) + "\n";
  datagram.pop_back();
  SummingIntake intake;
  Decoder decoder({}, intake);
  for (auto _ : state) benchmark::DoNotOptimize(decoder.decode(datagram, {}));
  if (!decoder.flush()) state.SkipWithError("the intake refused");
  check(state, intake, samples_per_line);
  report(state, datagram.size());
}

void lines_varied(benchmark::State& state) {
  std::mt19937 random(1);
  std::vector<std::string> datagrams(2000);
  std::size_t bytes = 0;
  for (std::string& datagram : datagrams) {
    for (std::size_t i = 0; i < kLines; ++i)
      datagram += tocsin::traffic::statsd_line(random).text + "\n";
    bytes += datagram.size();
  }
  SummingIntake intake;
  Decoder decoder({}, intake);
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(decoder.decode(datagrams[next], {}));
    next = next + 1 == datagrams.size() ? 0 : next + 1;
  }
  if (!decoder.flush()) state.SkipWithError("the intake refused");
  check(state, intake, 1);
  report(state, bytes / datagrams.size());
}

void lines_own_datagrams(benchmark::State& state, LineMaker make) {
  std::vector<std::string> datagrams;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < kLines; ++i) {
    datagrams.push_back(make(i));
    bytes += datagrams.back().size();
  }
  SummingIntake intake;
  Decoder decoder({}, intake);
  for (auto _ : state) {
    for (const std::string& datagram : datagrams) {
      benchmark::DoNotOptimize(decoder.decode(datagram, {}));
    }
  }
  if (!decoder.flush()) state.SkipWithError("the intake refused");
  check(state, intake, 1);
  report(state, bytes);
}

void resolve_tagged(benchmark::State& state) {
  const tocsin::statsd::Resolver resolver({});
  RawSample sample;
  sample.name = "web.api-12.checkout.requests_total";
  sample.tags = "env:prod,region:eu-west-1,canary";
  for (auto _ : state) benchmark::DoNotOptimize(resolver.resolve(sample));
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(lines_one_datagram, plain_counters, counter, 1);
BENCHMARK_CAPTURE(lines_one_datagram, counters_with_rate, sampled, 1);
BENCHMARK_CAPTURE(lines_one_datagram, counters_with_tags, tagged, 1);
BENCHMARK_CAPTURE(lines_one_datagram, timers_with_decimals, timer, 1);
BENCHMARK_CAPTURE(lines_one_datagram, sets, set, 1);
BENCHMARK_CAPTURE(lines_one_datagram, five_packed_values, packed, 5);
BENCHMARK_CAPTURE(lines_one_datagram, mixed_60c_30ms_10g, mixed, 1);
BENCHMARK_CAPTURE(lines_own_datagrams, mixed_60c_30ms_10g, mixed);
BENCHMARK(lines_varied);
BENCHMARK(resolve_tagged);

}  // namespace
