// Cost of decoding JSON lines and GELF messages, without what the pipeline does with them.
// Each benchmark decodes the same 1000 different records over and over into an intake that adds up
// sizes, and checks the sums. Read "items_per_second" as records per second; "ns/record" is its
// inverse.
#include <benchmark/benchmark.h>
#include <zlib.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bench/traffic/log_records.hpp"
#include "ingest/gelf/decoder.hpp"
#include "ingest/json/decoder.hpp"

namespace {

using tocsin::Origin;
using tocsin::traffic::gelf_message;
using tocsin::traffic::json_line;
using tocsin::traffic::kJsonTextBytes;
using tocsin::traffic::log_source;
using tocsin::traffic::log_text;
using tocsin::traffic::LogSource;

constexpr std::size_t kRecords = 1000;

class SummingIntake final : public tocsin::Intake {
 public:
  [[nodiscard]] std::size_t samples(std::span<const tocsin::RawSample> samples,
                                    const tocsin::IdentityResolver&) override {
    return samples.size();
  }
  [[nodiscard]] bool event(const tocsin::EventView& event) override {
    ++count;
    text_bytes += event.description.size();
    host_bytes += event.host.size();
    attributes += event.attributes.size();
    times += event.time.time_since_epoch().count() % 1'000'000'007;
    return true;
  }
  void drop(std::size_t records) override { lost += records; }
  void reject(tocsin::RejectCause, std::string_view, std::size_t, std::string_view) override {
    ++lost;
  }

  std::size_t count = 0;
  std::size_t text_bytes = 0;
  std::size_t host_bytes = 0;
  std::size_t attributes = 0;
  std::int64_t times = 0;
  std::size_t lost = 0;
};

std::string milliseconds(std::size_t i) {
  return std::to_string(100 + i * 7919 % 900);
}

std::string nested_line(const LogSource& sent, std::mt19937& random) {
  return R"({"ts":1795229828.)" + milliseconds(sent.number) + R"(,"level":30,"hostname":")" +
         std::string(sent.host) + R"(","msg":")" + log_text(kJsonTextBytes, random) +
         R"(","req":{"method":"GET","url":"/cart/)" + std::to_string(sent.number) +
         R"(","headers":{"host":"shop","agent":"x"}},"res":{"status":200},"ids":[1,2,3]})" + "\n";
}
std::string escaped_line(const LogSource& sent, std::mt19937& random) {
  std::string line = json_line(sent, random);
  line.replace(line.find("msg\":\"") + 16, 12, "\\\"\\n\\u00f6\\\\x");  // five characters
  return line;
}
std::string plain_line(const LogSource&, std::mt19937& random) {
  return log_text(kJsonTextBytes, random) + "\n";
}
std::string gelf_compressed(const LogSource& sent, std::mt19937& random) {
  const std::string message = gelf_message(sent, random);
  uLongf size = compressBound(static_cast<uLong>(message.size()));
  std::string out(size, '\0');
  if (compress(reinterpret_cast<Bytef*>(out.data()), &size,
               reinterpret_cast<const Bytef*>(message.data()),
               static_cast<uLong>(message.size())) != Z_OK) {
    return {};
  }
  out.resize(size);
  return out;
}

struct Shape {
  std::string (*make)(const LogSource&, std::mt19937&);
  std::size_t attributes;  // of each event, ingest and peer among them
  std::size_t text_bytes = kJsonTextBytes;
  bool names_host = true;
};

template <class Decoder>
void records(benchmark::State& state, const Shape& shape) {
  std::mt19937 random(1);
  std::vector<std::string> sent(kRecords);
  std::size_t bytes = 0;
  std::size_t host_bytes = 0;
  for (std::size_t i = 0; i < kRecords; ++i) {
    const LogSource from = log_source(i, random);
    sent[i] = shape.make(from, random);
    bytes += sent[i].size();
    host_bytes += shape.names_host ? from.host.size() : std::string_view("192.0.2.7").size();
  }
  Origin origin;
  origin.received = tocsin::TimePoint(std::chrono::seconds(1795230000));
  origin.peer.family = tocsin::Peer::Family::kIpv4;
  origin.peer.address = {192, 0, 2, 7};

  SummingIntake intake;
  Decoder decoder({}, intake);
  std::size_t taken = 0;
  for (auto _ : state) {
    for (const std::string& record : sent) taken += decoder.decode(record, origin);
  }
  const auto rounds = static_cast<std::size_t>(state.iterations());
  if (intake.lost != 0 || taken != rounds * bytes || intake.count != rounds * kRecords ||
      intake.text_bytes != rounds * kRecords * shape.text_bytes ||
      intake.host_bytes != rounds * host_bytes || intake.times == 0 ||
      intake.attributes != rounds * kRecords * shape.attributes) {
    state.SkipWithError("not every record became its event");
  }
  const auto count = state.iterations() * static_cast<std::int64_t>(kRecords);
  state.SetItemsProcessed(count);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
  state.counters["bytes/record"] = static_cast<double>(bytes) / kRecords;
  state.counters["ns/record"] = benchmark::Counter(
      static_cast<double>(count) / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void json(benchmark::State& state, const Shape& shape) {
  records<tocsin::json_lines::Decoder>(state, shape);
}
void gelf(benchmark::State& state, const Shape& shape) {
  records<tocsin::gelf::Decoder>(state, shape);
}

// ingest, peer, level, request_id, status, took.
BENCHMARK_CAPTURE(json, log_line, Shape{json_line, 6});
BENCHMARK_CAPTURE(json, log_line_with_escapes, Shape{escaped_line, 6, kJsonTextBytes - 6});
// ingest, peer, level, two of req, two of req.headers, res.status, ids.
BENCHMARK_CAPTURE(json, nested, Shape{nested_line, 9});
BENCHMARK_CAPTURE(json, plain_text, Shape{plain_line, 2, kJsonTextBytes, false});
// ingest, peer, level, request_id, status.
BENCHMARK_CAPTURE(gelf, plain, Shape{gelf_message, 5});
BENCHMARK_CAPTURE(gelf, zlib, Shape{gelf_compressed, 5});

}  // namespace
