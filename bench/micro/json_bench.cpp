// Cost of decoding JSON lines and GELF messages, without what the pipeline does with them.
// Each benchmark decodes the same 1000 different records over and over into an intake that adds up
// sizes, and checks the sums. Read "items_per_second" as records per second; "ns/record" is its
// inverse.
#include <benchmark/benchmark.h>
#include <zlib.h>

#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/gelf/decoder.hpp"
#include "ingest/json/decoder.hpp"

namespace {

using tocsin::Origin;

constexpr std::size_t kRecords = 1000;
constexpr std::size_t kTextBytes = 60;

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

constexpr std::array<std::string_view, 5> kHosts = {"web-api-12", "web-cart-3", "db-orders-07",
                                                    "cache-eu-1a", "edge-fra2-114"};
constexpr std::array<std::string_view, 4> kLevels = {"info", "warn", "error", "debug"};

// Words of three to nine letters, kTextBytes in all.
std::string text(std::mt19937& random) {
  std::string out;
  while (out.size() < kTextBytes) {
    for (auto left = 3 + random() % 7; left > 0; --left) {
      out += static_cast<char>('a' + random() % 26);
    }
    out += ' ';
  }
  out.resize(kTextBytes);
  out.back() = '.';
  return out;
}

struct Sent {
  std::string_view host;
  std::size_t number = 0;
};

std::string milliseconds(std::size_t i) {
  return std::to_string(100 + i * 7919 % 900);
}

// What a service writes with zap, zerolog, structlog or bunyan: some 200 bytes.
std::string log_line(const Sent& sent, std::mt19937& random) {
  return R"({"time":"2026-11-21T02:51:52.)" + milliseconds(sent.number) + R"(Z","level":")" +
         std::string(kLevels[sent.number % kLevels.size()]) + R"(","host":")" +
         std::string(sent.host) + R"(","service":"checkout","msg":")" + text(random) +
         R"(","request_id":")" + std::to_string(random()) + R"(","status":200,"took":0.0)" +
         std::to_string(sent.number) + "}\n";
}
std::string nested_line(const Sent& sent, std::mt19937& random) {
  return R"({"ts":1795229828.)" + milliseconds(sent.number) + R"(,"level":30,"hostname":")" +
         std::string(sent.host) + R"(","msg":")" + text(random) +
         R"(","req":{"method":"GET","url":"/cart/)" + std::to_string(sent.number) +
         R"(","headers":{"host":"shop","agent":"x"}},"res":{"status":200},"ids":[1,2,3]})" + "\n";
}
std::string escaped_line(const Sent& sent, std::mt19937& random) {
  std::string line = log_line(sent, random);
  line.replace(line.find("msg\":\"") + 16, 12, "\\\"\\n\\u00f6\\\\x");  // five characters
  return line;
}
std::string plain_line(const Sent&, std::mt19937& random) {
  return text(random) + "\n";
}
std::string gelf_message(const Sent& sent, std::mt19937& random) {
  return R"({"version":"1.1","host":")" + std::string(sent.host) + R"(","short_message":")" +
         text(random) + R"(","timestamp":1795229828.)" + milliseconds(sent.number) +
         R"(,"level":6,"_facility":"billing","_request_id":")" + std::to_string(random()) +
         R"(","_status":200})";
}
std::string gelf_compressed(const Sent& sent, std::mt19937& random) {
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
  std::string (*make)(const Sent&, std::mt19937&);
  std::size_t attributes;  // of each event, ingest and peer among them
  std::size_t text_bytes = kTextBytes;
  bool names_host = true;
};

template <class Decoder>
void records(benchmark::State& state, const Shape& shape) {
  std::mt19937 random(1);
  std::vector<std::string> sent(kRecords);
  std::size_t bytes = 0;
  std::size_t host_bytes = 0;
  for (std::size_t i = 0; i < kRecords; ++i) {
    const Sent from{kHosts[random() % kHosts.size()], i};
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
BENCHMARK_CAPTURE(json, log_line, Shape{log_line, 6});
BENCHMARK_CAPTURE(json, log_line_with_escapes, Shape{escaped_line, 6, kTextBytes - 6});
// ingest, peer, level, two of req, two of req.headers, res.status, ids.
BENCHMARK_CAPTURE(json, nested, Shape{nested_line, 9});
BENCHMARK_CAPTURE(json, plain_text, Shape{plain_line, 2, kTextBytes, false});
// ingest, peer, level, request_id, status.
BENCHMARK_CAPTURE(gelf, plain, Shape{gelf_message, 5});
BENCHMARK_CAPTURE(gelf, zlib, Shape{gelf_compressed, 5});

}  // namespace
