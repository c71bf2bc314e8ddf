// Cost of decoding collectd datagrams, without what the pipeline does with them.
// Each iteration decodes one interval of one host (bench/traffic/collectd.hpp); the times in the
// datagrams move on before it, which takes some 2 ns per value. The intake adds up values, and the
// sum is checked. Read "items_per_second" as values per second; "ns/value" is its inverse.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/traffic/collectd.hpp"
#include "ingest/collectd/network_decoder.hpp"
#include "ingest/collectd/types_db.hpp"

namespace {

using tocsin::collectd::NetworkDecoder;
using tocsin::collectd::Options;
using tocsin::collectd::RateTable;
using tocsin::collectd::TypesDb;
using tocsin::traffic::CollectdHost;

constexpr std::uint64_t kStart = 1'700'000'000;  // seconds

class SummingIntake final : public tocsin::Intake {
 public:
  [[nodiscard]] std::size_t samples(std::span<const tocsin::RawSample> samples,
                                    const tocsin::IdentityResolver&) override {
    return samples.size();
  }
  [[nodiscard]] bool event(const tocsin::EventView& event) override {
    if (const double* const metric = std::get_if<double>(&event.metric)) sum += *metric;
    name_bytes += event.service.size() + event.attributes.size();
    ++count;
    return true;
  }
  void drop(std::size_t records) override { lost += records; }
  void reject(tocsin::RejectCause, std::string_view, std::size_t, std::string_view) override {
    ++lost;
  }

  double sum = 0;
  std::size_t count = 0;
  std::size_t name_bytes = 0;
  std::size_t lost = 0;
};

std::uint64_t time_of(std::uint64_t round) {
  return kStart + CollectdHost::kInterval * round;
}

tocsin::Origin origin_of(std::uint64_t round) {
  tocsin::Origin origin;
  origin.received = tocsin::TimePoint(std::chrono::seconds(time_of(round)));
  origin.peer.family = tocsin::Peer::Family::kIpv4;
  origin.peer.address = {192, 0, 2, 7};
  return origin;
}

Options options_with_types() {
  Options options;
  options.types =
      std::make_shared<const TypesDb>(*TypesDb::parse(tocsin::traffic::kCollectdTypes, "types"));
  return options;
}

void report(benchmark::State& state, std::size_t values, std::size_t bytes) {
  state.SetItemsProcessed(static_cast<std::int64_t>(values));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  state.counters["ns/value"] = benchmark::Counter(
      static_cast<double>(values) / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// `hosts` intervals a round, each round 10 s later.
void plain(benchmark::State& state, std::size_t hosts, bool with_types) {
  std::vector<CollectdHost> senders;
  for (std::size_t i = 0; i < hosts; ++i) {
    senders.emplace_back("web-" + std::to_string(i) + ".example.net");
  }
  SummingIntake intake;
  RateTable rates({}, 1);
  NetworkDecoder decoder(with_types ? options_with_types() : Options(), nullptr, rates, intake);
  const auto decode = [&](CollectdHost& sender, std::uint64_t round) {
    sender.set_round(round, time_of(round));
    const tocsin::Origin origin = origin_of(round);
    for (const CollectdHost::Datagram& datagram : sender.datagrams()) {
      benchmark::DoNotOptimize(decoder.decode(datagram.bytes, origin));
    }
  };
  for (CollectdHost& sender : senders) decode(sender, 0);
  intake.sum = 0;
  intake.count = 0;
  std::uint64_t round = 1;
  std::size_t next = 0;
  std::size_t bytes = 0;
  for (auto _ : state) {
    CollectdHost& sender = senders[next];
    decode(sender, round);
    for (const CollectdHost::Datagram& datagram : sender.datagrams())
      bytes += datagram.bytes.size();
    if (++next == senders.size()) {
      next = 0;
      ++round;
    }
  }
  const std::size_t values =
      static_cast<std::size_t>(state.iterations()) * senders.front().values();
  if (intake.count != values || intake.lost != 0) state.SkipWithError("not every value arrived");
  // A rate of 2 for each value, but for the last digits of the quotients.
  if (intake.sum < 1.999 * static_cast<double>(values) ||
      intake.sum > 2.001 * static_cast<double>(values)) {
    state.SkipWithError("the rates are wrong");
  }
  report(state, values, bytes);
}

BENCHMARK_CAPTURE(plain, one_host_index_names, 1, false);
BENCHMARK_CAPTURE(plain, one_host_types_db, 1, true);
BENCHMARK_CAPTURE(plain, hundred_hosts_types_db, 100, true);

}  // namespace
