// Cost of decoding syslog messages, without what the pipeline does with them.
// Each benchmark decodes the same 1000 different messages over and over into an intake that adds up
// sizes, and checks the sums. Read "items_per_second" as messages per second; "ns/message" is its
// inverse.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bench/traffic/log_records.hpp"
#include "ingest/syslog/decoder.hpp"

namespace {

using tocsin::Origin;
using tocsin::syslog::Decoder;
using tocsin::traffic::kSyslogTextBytes;
using tocsin::traffic::log_source;
using tocsin::traffic::log_text;
using tocsin::traffic::LogSource;
using tocsin::traffic::rfc5424;
using tocsin::traffic::rfc5424_header;

constexpr std::size_t kMessages = 1000;

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
  std::size_t lost = 0;
};

std::string rfc5424_without_data(const LogSource& sent, std::mt19937& random) {
  return rfc5424_header(sent) + "- " + log_text(kSyslogTextBytes, random);
}
std::string rfc5424_with_umlauts(const LogSource& sent, std::mt19937& random) {
  std::string out = rfc5424(sent, random);
  out.replace(out.size() - 40, 4, "\xC3\xB6\xC3\xBC");
  return out;
}
std::string two_digits(std::size_t number) {
  return {static_cast<char>('0' + number / 10 % 10), static_cast<char>('0' + number % 10)};
}
std::string rfc3164(const LogSource& sent, std::mt19937& random) {
  return "<" + std::to_string(sent.number * 7 % 192) + ">" +
         "Nov 21 02:" + two_digits(sent.number % 60) + ":" + two_digits(sent.number * 7 % 60) +
         " " + std::string(sent.host) + " " + std::string(sent.program) + "[" +
         std::to_string(sent.number) + "]: " + log_text(kSyslogTextBytes, random);
}

using Maker = std::string (*)(const LogSource&, std::mt19937&);

void messages(benchmark::State& state, Maker make, std::size_t attributes) {
  std::mt19937 random(1);
  std::vector<std::string> sent(kMessages);
  std::size_t bytes = 0;
  std::size_t host_bytes = 0;
  for (std::size_t i = 0; i < kMessages; ++i) {
    const LogSource from = log_source(i, random);
    sent[i] = make(from, random);
    bytes += sent[i].size();
    host_bytes += from.host.size();
  }
  Origin origin;
  origin.received = tocsin::TimePoint(std::chrono::seconds(1795230000));
  origin.peer.family = tocsin::Peer::Family::kIpv4;
  origin.peer.address = {192, 0, 2, 7};

  SummingIntake intake;
  Decoder decoder({}, intake);
  std::size_t taken = 0;
  for (auto _ : state) {
    for (const std::string& message : sent) taken += decoder.decode(message, origin);
  }
  const auto rounds = static_cast<std::size_t>(state.iterations());
  if (intake.lost != 0 || taken != rounds * bytes || intake.count != rounds * kMessages ||
      intake.text_bytes != rounds * kMessages * kSyslogTextBytes ||
      intake.host_bytes != rounds * host_bytes ||
      intake.attributes != rounds * kMessages * attributes) {
    state.SkipWithError("not every message became its event");
  }
  const auto count = state.iterations() * static_cast<std::int64_t>(kMessages);
  state.SetItemsProcessed(count);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
  state.counters["ns/message"] = benchmark::Counter(
      static_cast<double>(count) / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// ingest, peer, facility, severity and procid; msgid in RFC 5424.
BENCHMARK_CAPTURE(messages, rfc5424_three_parameters, rfc5424, 6 + 3);
BENCHMARK_CAPTURE(messages, rfc5424_without_data, rfc5424_without_data, 6);
BENCHMARK_CAPTURE(messages, rfc5424_with_umlauts, rfc5424_with_umlauts, 6 + 3);
BENCHMARK_CAPTURE(messages, rfc3164_with_pid, rfc3164, 5);

}  // namespace
