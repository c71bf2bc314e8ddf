// Cost of decoding Riemann's events, without what the pipeline does with them, and of writing them.
// Realistic events: host, service, state, description, two tags, two attributes, a metric, a time
// and a ttl, about 150 bytes, in Msgs of 20. decode_same takes one Msg over and over; decode_varied
// takes 2000 different ones, with fields missing here and there, which no branch predictor
// remembers. The intake only adds up, and the sums are checked. "ns/event" is the inverse of
// "items_per_second".
#include <benchmark/benchmark.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ingest/riemann/decoder.hpp"
#include "ingest/riemann/event_writer.hpp"
#include "tocsin/event_viewer.hpp"

namespace {

using tocsin::Event;
using tocsin::riemann::Decoder;

constexpr std::size_t kEventsPerMsg = 20;

struct Sums {
  std::int64_t metrics = 0;
  std::size_t text_bytes = 0;
  std::size_t tags = 0;
  std::size_t attributes = 0;  // without `ingest`
  std::size_t events = 0;

  friend bool operator==(const Sums&, const Sums&) = default;
};

class SummingIntake final : public tocsin::Intake {
 public:
  [[nodiscard]] std::size_t samples(std::span<const tocsin::RawSample>,
                                    const tocsin::IdentityResolver&) override {
    return 0;
  }
  [[nodiscard]] bool event(const tocsin::EventView& event) override {
    if (const auto* integer = std::get_if<std::int64_t>(&event.metric)) sums.metrics += *integer;
    sums.text_bytes +=
        event.host.size() + event.service.size() + event.state.size() + event.description.size();
    sums.tags += event.tags.size();
    sums.attributes += event.attributes.size() - 1;
    ++sums.events;
    return true;
  }
  void drop(std::size_t records) override { lost += records; }
  void reject(tocsin::RejectCause, std::string_view, std::size_t, std::string_view) override {
    ++lost;
  }

  Sums sums;
  std::size_t lost = 0;
};

Event make_event(std::size_t i) {
  constexpr std::array<const char*, 4> kHosts = {"web-01.example.net", "db-17.example.net",
                                                 "cache-3.eu.example.net", "edge-114.example.net"};
  constexpr std::array<const char*, 4> kServices = {"http req/s", "disk /var/lib",
                                                    "checkout latency p95", "load/load/shortterm"};
  Event event;
  event.time =
      tocsin::TimePoint(std::chrono::seconds(1'795'229'409) + std::chrono::microseconds(i * 1'009));
  event.host = kHosts[i % kHosts.size()];
  event.service = kServices[i / 3 % kServices.size()];
  event.state = i % 7 == 0 ? "warning" : "ok";
  event.description = "all is as it should be on this host";
  event.tags = {"collectd", "prod"};
  event.ttl = std::chrono::seconds(30);
  event.attributes = {{"rack", "r4"}, {"x-client", "riemann-c-client"}};
  event.metric = static_cast<std::int64_t>(i * 131 % 100'000);
  return event;
}

Event vary(Event event, std::mt19937& random) {
  event.service += "/" + std::to_string(random() % 10'000);
  if (random() % 4 == 0) event.description.clear();
  if (random() % 4 == 0) event.state.clear();
  if (random() % 4 == 0) event.ttl.reset();
  event.tags.resize(random() % 4 == 0 ? 1 : 2);
  if (random() % 4 == 0) event.attributes.push_back({"zone", std::string(random() % 20, 'z')});
  if (random() % 3 == 0) event.metric = 0.25;
  return event;
}

void add(const Event& event, Sums& sums) {
  if (const auto* integer = std::get_if<std::int64_t>(&event.metric)) sums.metrics += *integer;
  sums.text_bytes +=
      event.host.size() + event.service.size() + event.state.size() + event.description.size();
  sums.tags += event.tags.size();
  sums.attributes += event.attributes.size();
  ++sums.events;
}

struct Traffic {
  std::vector<std::string> msgs;
  std::vector<Sums> sums;  // of each Msg
  std::size_t bytes = 0;
};

Traffic make_traffic(std::size_t msgs, bool varied) {
  std::mt19937 random(1);
  Traffic traffic;
  tocsin::EventViewer viewer;
  for (std::size_t m = 0; m < msgs; ++m) {
    std::string& msg = traffic.msgs.emplace_back();
    Sums& sums = traffic.sums.emplace_back();
    for (std::size_t i = 0; i < kEventsPerMsg; ++i) {
      Event event = make_event(m * kEventsPerMsg + i);
      if (varied) event = vary(std::move(event), random);
      add(event, sums);
      tocsin::riemann::append_event(viewer.view(event), msg);
    }
    traffic.bytes += msg.size();
  }
  return traffic;
}

void report(benchmark::State& state, std::size_t bytes_per_msg) {
  const auto events = state.iterations() * static_cast<std::int64_t>(kEventsPerMsg);
  state.SetItemsProcessed(events);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes_per_msg));
  state.counters["ns/event"] = benchmark::Counter(
      static_cast<double>(events) / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void decode(benchmark::State& state, const Traffic& traffic, const tocsin::Origin& origin) {
  SummingIntake intake;
  Decoder decoder({}, intake);
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(decoder.decode(traffic.msgs[next], origin));
    next = next + 1 == traffic.msgs.size() ? 0 : next + 1;
  }
  Sums expected;
  const auto iterations = static_cast<std::size_t>(state.iterations());
  for (std::size_t m = 0; m < traffic.msgs.size(); ++m) {
    const std::size_t times =
        iterations / traffic.msgs.size() + (m < iterations % traffic.msgs.size() ? 1 : 0);
    expected.metrics += static_cast<std::int64_t>(times) * traffic.sums[m].metrics;
    expected.text_bytes += times * traffic.sums[m].text_bytes;
    expected.tags += times * traffic.sums[m].tags;
    expected.attributes += times * traffic.sums[m].attributes;
    expected.events += times * traffic.sums[m].events;
  }
  if (origin.peer.family != tocsin::Peer::Family::kNone) expected.attributes += expected.events;
  if (intake.sums != expected || intake.lost != 0) {
    state.SkipWithError("the events are not those that were written");
  }
  report(state, traffic.bytes / traffic.msgs.size());
}

tocsin::Origin from_a_peer() {
  tocsin::Origin origin;
  origin.peer.family = tocsin::Peer::Family::kIpv4;
  origin.peer.address = {192, 0, 2, 7};
  return origin;
}

void decode_same(benchmark::State& state) {
  decode(state, make_traffic(1, false), from_a_peer());
}

void decode_varied(benchmark::State& state) {
  decode(state, make_traffic(2000, true), from_a_peer());
}

void write_same(benchmark::State& state) {
  std::vector<Event> events;
  for (std::size_t i = 0; i < kEventsPerMsg; ++i) events.push_back(make_event(i));
  const Traffic expected = make_traffic(1, false);
  tocsin::EventViewer viewer;
  std::string msg;
  for (auto _ : state) {
    msg.clear();
    for (const Event& event : events) tocsin::riemann::append_event(viewer.view(event), msg);
    benchmark::DoNotOptimize(msg.data());
  }
  SummingIntake intake;
  Decoder decoder({}, intake);
  if (decoder.decode(msg, {}) != msg.size() || intake.sums != expected.sums[0]) {
    state.SkipWithError("what was written is not what is read");
  }
  report(state, msg.size());
}

BENCHMARK(decode_same);
BENCHMARK(decode_varied);
BENCHMARK(write_same);

}  // namespace
