// Cost of decoding Riemann's events, without what the pipeline does with them, and of writing them.
// Realistic events (bench/traffic/riemann.hpp) in Msgs of 20. decode_same takes one Msg over and
// over; decode_varied takes 2000 different ones, with fields missing here and there. The intake
// only adds up, and the sums are checked. "ns/event" is the inverse of "items_per_second".
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bench/traffic/riemann.hpp"
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
      Event event = tocsin::traffic::riemann_event(m * kEventsPerMsg + i);
      if (varied) event = tocsin::traffic::vary(std::move(event), random);
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
  for (std::size_t i = 0; i < kEventsPerMsg; ++i)
    events.push_back(tocsin::traffic::riemann_event(i));
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
