// Cost of decoding Graphite points, without what the pipeline does with them, and of sending them.
// 20,000 different points (bench/traffic/graphite.hpp), which no branch predictor remembers, as in
// real traffic. Read "items_per_second" as points per second;
// "ns/point" is its inverse. Every benchmark checks that each point became an event, and the sum.
#include <benchmark/benchmark.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/traffic/graphite.hpp"
#include "ingest/graphite/line_decoder.hpp"
#include "ingest/graphite/pickle_decoder.hpp"
#include "src/base/byte_order.hpp"
#include "src/publish/graphite/encoder.hpp"
#include "src/publish/graphite/hash_ring.hpp"

namespace {

using tocsin::graphite::LineDecoder;
using tocsin::graphite::Options;
using tocsin::graphite::PickleDecoder;
using tocsin::graphite::Templates;
using tocsin::traffic::Digits;
using tocsin::traffic::graphite_points;
using tocsin::traffic::GraphitePoint;

constexpr std::size_t kLines = 20'000;
constexpr std::size_t kLinesPerRead = 500;  // about what one read of a busy connection brings

class SummingIntake final : public tocsin::Intake {
 public:
  [[nodiscard]] std::size_t samples(std::span<const tocsin::RawSample>,
                                    const tocsin::IdentityResolver&) override {
    return 0;
  }
  [[nodiscard]] bool event(const tocsin::EventView& event) override {
    sum += *tocsin::as_double(event.metric);
    bytes += event.service.size() + event.host.size();
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

void report(benchmark::State& state, std::size_t points) {
  state.SetItemsProcessed(static_cast<std::int64_t>(points));
  state.counters["ns/point"] = benchmark::Counter(
      static_cast<double>(points) / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// Decodes the buffers in turn, all of them in every iteration.
void run(benchmark::State& state, tocsin::Decoder& decoder, const SummingIntake& intake,
         const std::vector<std::string>& buffers, const std::vector<GraphitePoint>& expected,
         std::size_t attributes) {
  tocsin::Origin origin;
  origin.peer.family = tocsin::Peer::Family::kIpv4;
  origin.peer.address = {192, 0, 2, 7};
  for (auto _ : state) {
    for (const std::string& buffer : buffers) {
      benchmark::DoNotOptimize(decoder.decode(buffer, origin));
    }
  }
  const auto rounds = static_cast<std::size_t>(state.iterations());
  double sum = 0;
  for (const GraphitePoint& sample : expected) sum += sample.value;
  if (intake.count != rounds * expected.size() || intake.lost != 0 ||
      intake.attributes != intake.count * attributes ||
      std::abs(intake.sum - sum * static_cast<double>(rounds)) > intake.sum * 1e-9) {
    state.SkipWithError("not every point became its event");
  }
  report(state, rounds * expected.size());
}

std::vector<std::string> line_buffers(const std::vector<GraphitePoint>& all,
                                      std::string_view suffix) {
  std::vector<std::string> buffers;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i % kLinesPerRead == 0) buffers.emplace_back();
    buffers.back() += tocsin::traffic::graphite_line(all[i], suffix, i);
  }
  return buffers;
}

void lines(benchmark::State& state, Digits digits, std::string_view suffix,
           const std::vector<std::string>& templates, std::size_t attributes) {
  const std::vector<GraphitePoint> all = graphite_points(kLines, digits);
  Options options;
  if (!templates.empty()) {
    auto compiled = Templates::compile(templates);
    if (!compiled) return state.SkipWithError(compiled.error().message().c_str());
    options.templates = std::make_shared<const Templates>(*std::move(compiled));
  }
  SummingIntake intake;
  LineDecoder decoder(options, intake);
  run(state, decoder, intake, line_buffers(all, suffix), all, attributes);
}

void pickles(benchmark::State& state) {
  const std::vector<GraphitePoint> all = graphite_points(kLines, Digits::kSeventeen);
  std::vector<std::string> frames;
  for (std::size_t i = 0; i < all.size(); i += kLinesPerRead) {
    frames.push_back(tocsin::traffic::graphite_pickle(&all[i], kLinesPerRead));
  }
  SummingIntake intake;
  PickleDecoder decoder({}, intake);
  run(state, decoder, intake, frames, all, 2);
}

// Which node each point belongs to.
void owners(benchmark::State& state, tocsin::publish::graphite::RingHash hash) {
  using tocsin::publish::graphite::HashRing;
  const std::vector<GraphitePoint> all = graphite_points(kLines, Digits::kThreeDecimals);
  const auto ring = HashRing::make({{"10.0.0.1", "a"}, {"10.0.0.2", "b"}, {"10.0.0.3", "c"}}, hash);
  if (!ring) return state.SkipWithError(ring.error().message().c_str());
  std::array<std::size_t, 3> counts{};
  for (auto _ : state) {
    for (const GraphitePoint& sample : all) ++counts[ring->node_of(sample.name)];
  }
  const std::size_t points = static_cast<std::size_t>(state.iterations()) * all.size();
  for (const std::size_t count : counts) {
    if (count < points / 6) state.SkipWithError("a node got less than half of its share");
  }
  report(state, points);
}

template <bool kPickle>
void encode(benchmark::State& state) {
  using namespace tocsin::publish::graphite;
  const std::vector<GraphitePoint> all = graphite_points(kLines, Digits::kSeventeen);
  const tocsin::TimePoint time{std::chrono::seconds(1'795'229'000)};
  std::string out;
  for (auto _ : state) {
    out.clear();
    std::optional<PickleFrame> frame;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Point point{all[i].name, all[i].value, time};
      if constexpr (!kPickle) {
        (void)append_line(point, out);
        continue;
      }
      if (i % PickleFrame::kMaxPoints == 0) {
        if (frame) frame->finish();
        frame.emplace(out);
      }
      (void)frame->append(point);
    }
    if (frame) frame->finish();
    benchmark::DoNotOptimize(out.data());
  }
  SummingIntake intake;
  std::string_view rest = out;
  if (kPickle) {
    PickleDecoder decoder({}, intake);
    while (!rest.empty()) {
      const auto length = tocsin::base::load_big_endian<std::uint32_t>(rest.data());
      (void)decoder.decode(rest.substr(4, length), {});
      rest.remove_prefix(4 + length);
    }
  } else {
    LineDecoder decoder({}, intake);
    (void)decoder.decode(rest, {});
  }
  if (intake.count != all.size()) state.SkipWithError("what was written cannot be read");
  report(state, static_cast<std::size_t>(state.iterations()) * all.size());
}

const std::vector<std::string> kNone;
const std::vector<std::string> kOne = {"servers.* .host.resource.service*"};
const std::vector<std::string> kFive = {"servers.web-* .host.resource.service* role=web",
                                        "servers.db-* .host.resource.service* role=db",
                                        "stats.timers .service*", "stats.gauges .service*",
                                        "service*"};

BENCHMARK_CAPTURE(lines, three_decimals, Digits::kThreeDecimals, "", kNone, 2);
BENCHMARK_CAPTURE(lines, repr_of_doubles, Digits::kSeventeen, "", kNone, 2);
BENCHMARK_CAPTURE(lines, two_tags, Digits::kThreeDecimals, ";dc=fra;role=web", kNone, 4);
BENCHMARK_CAPTURE(lines, one_template, Digits::kThreeDecimals, "", kOne, 3);
BENCHMARK_CAPTURE(lines, five_templates, Digits::kThreeDecimals, "", kFive, 4);
BENCHMARK(pickles)->Name("pickles/frames_of_500");
BENCHMARK(encode<false>)->Name("encode/lines");
BENCHMARK(encode<true>)->Name("encode/pickles");
BENCHMARK_CAPTURE(owners, carbon_ch, tocsin::publish::graphite::RingHash::kCarbon);
BENCHMARK_CAPTURE(owners, fnv1a_ch, tocsin::publish::graphite::RingHash::kFnv1a);

}  // namespace
