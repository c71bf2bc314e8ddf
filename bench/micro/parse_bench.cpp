// Cost of parse and derive rules, without what comes before and behind them: 1000 different
// access-log lines over and over, as events of a syslog input.
// Each benchmark checks what came out. Read "items_per_second" as lines per second; "ns/line" is
// its inverse. What one step costs is the difference to the line before it.
#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <memory>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "src/rules/derive/deriver.hpp"
#include "src/rules/load.hpp"
#include "src/rules/parse/parser.hpp"

namespace {

using namespace tocsin;

constexpr std::size_t kLines = 1000;

std::vector<std::string> access_log() {
  constexpr const char* kStatus[] = {"200", "200", "200", "304", "404", "500"};
  std::mt19937 random(7);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < kLines; ++i) {
    const auto number = [&](unsigned below) { return std::to_string(random() % below); };
    lines.push_back("10." + number(256) + "." + number(256) + "." + number(256) +
                    " - - [21/Nov/2026:02:" + std::to_string(10 + i / 50) + ":" +
                    std::to_string(10 + i / 20) + " +0000] \"GET /api/v1/users/" + number(100'000) +
                    "/items?page=" + number(90) + " HTTP/1.1\" " + kStatus[random() % 6] + " " +
                    number(100'000) +
                    " \"https://shop.example/\" \"Mozilla/5.0 (X11; Linux x86_64; rv:125.0) "
                    "Gecko/20100101 Firefox/125.0\" 0." +
                    number(1000));
  }
  return lines;
}

class SummingIntake final : public Intake {
 public:
  std::size_t samples(std::span<const RawSample> samples, const IdentityResolver&) override {
    count += samples.size();
    return samples.size();
  }
  bool event(const EventView&) override { return true; }
  void drop(std::size_t) override {}
  void reject(RejectCause, std::string_view, std::size_t, std::string_view) override {}

  std::size_t count = 0;
};

rules::RuleSetPtr rules_of(const std::string& yaml) {
  rules::Vocabulary vocabulary;
  vocabulary.environment = [](std::string_view) { return std::nullopt; };
  vocabulary.patterns = TOCSIN_PATTERNS;
  const rules::RuleFile file{"bench.yaml", yaml};
  const auto loaded = rules::parse_rules({&file, 1}, vocabulary);
  if (!loaded) throw std::runtime_error(loaded.errors.front().message());
  return *loaded.value;
}

const std::string kHead = "parse:\n  - name: access\n    where: 'true'\n";
const std::string kGrok = "    grok: '^%{COMBINEDAPACHELOG} %{NUMBER:took:float}$'\n";
const std::string kDate = "    date: {match: [timestamp, 'dd/MMM/yyyy:HH:mm:ss Z']}\n";
const std::string kPath = "    path_template: request\n";
const std::string kDerive =
    "derive:\n  - {name: requests, where: 'true', by: [response]}\n"
    "  - {name: latency, where: 'true', value: took, by: [route]}\n";

// `fields`: that a line has afterwards.
void run(benchmark::State& state, const std::string& yaml, std::size_t fields) {
  const rules::RuleSetPtr rules = rules_of(yaml);
  const rules::derive::Program derive(rules->derivations, 60, nullptr);
  const std::vector<std::string> lines = access_log();
  constexpr std::array<AttributeView, 5> kAttributes{{{"ingest", "syslog"},
                                                      {"peer", "127.0.0.1"},
                                                      {"facility", "16"},
                                                      {"severity", "6"},
                                                      {"procid", "4711"}}};
  SummingIntake intake;
  rules::parse::Parser parser(*rules->parse);
  rules::derive::SampleQueue queue(intake);
  rules::derive::Deriver deriver(derive, 1, queue);
  rules::parse::Record record;
  std::size_t measured = 0;
  for (auto _ : state) {
    for (const std::string& line : lines) {
      EventView event;
      event.host = "web-1";
      event.service = "apache";
      event.description = line;
      event.attributes = kAttributes;
      record.assign(event);
      parser.begin();
      for (const rules::parse::Rule& rule : rules->parse->rules()) {
        if (!parser.apply(rule, record)) state.SkipWithError("a line was dropped");
      }
      if (!queue.make_room()) state.SkipWithError("no room");
      for (std::uint32_t i = 0; i < derive.rules().size(); ++i) deriver.apply(i, record);
      if (parser.failure_count() > 0) state.SkipWithError("a line was not parsed");
      if (derive.rules().empty()) {
        const std::size_t count = record.view().attributes.size();
        if (count != fields) state.SkipWithError("a line has other fields than expected");
      }
    }
    measured += kLines * derive.rules().size();
  }
  if (!queue.flush() || intake.count != measured) state.SkipWithError("samples are missing");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kLines));
  state.counters["ns/line"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * kLines * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

BENCHMARK_CAPTURE(run, nothing, "watch: []\n", 5);
BENCHMARK_CAPTURE(run, grok, kHead + kGrok, 17);
BENCHMARK_CAPTURE(run, grok_date, kHead + kGrok + kDate, 17);
BENCHMARK_CAPTURE(run, grok_date_path, kHead + kGrok + kDate + kPath, 18);
BENCHMARK_CAPTURE(run, measured, kHead + kGrok + kDate + kPath + kDerive, 0);
BENCHMARK_CAPTURE(
    run, dissect,
    kHead +
        "    dissect: '%{clientip} %{ident} %{auth} [%{timestamp}] \"%{verb} %{request} "
        "HTTP/%{httpversion}\" %{response} %{bytes} \"%{referrer}\" \"%{agent}\" "
        "%{took}'\n",
    17);

}  // namespace
