// Predicates: parsing, matching an event, partial evaluation, and finding the predicates of an
// identity among few and among many. Every benchmark checks its answer.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "src/query/predicate.hpp"
#include "src/query/predicate_set.hpp"

namespace {

using namespace tocsin;
using query::Match;
using query::Predicate;
using query::PredicateSet;

constexpr const char* kRule =
    "service =~ \"checkout.%\" and metric > 3 and tagged \"prod\" and state != \"expired\"";

Identity checkout() {
  return {SeriesKind::kGauge, "web-1", "checkout.latency", {"eu", "prod"}, {}};
}

Event checkout_event() {
  Event event;
  event.host = "web-1";
  event.service = "checkout.latency";
  event.state = "ok";
  event.metric = 12.5;
  event.description = "GET /checkout took 12.5 ms and answered 200";
  event.tags = {"eu", "prod"};
  event.attributes = {{"env", "live"}, {"status", "200"}, {"type", "rails"}};
  return event;
}

Predicate parsed(const std::string& text) {
  return Predicate::parse(text).value();
}

void expect(benchmark::State& state, bool right) {
  if (!right) state.SkipWithError("wrong answer");
}

void parse_rule(benchmark::State& state) {
  bool right = true;
  for (auto _ : state) right &= Predicate::parse(kRule).has_value();
  expect(state, right);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(parse_rule);

void match_event(benchmark::State& state, const Predicate& predicate) {
  const Event event = checkout_event();
  bool right = true;
  for (auto _ : state) right &= predicate.matches(event);
  expect(state, right);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(match_event, whole_rule, parsed(kRule));
BENCHMARK_CAPTURE(match_event, residue, parsed(kRule).specialise(checkout()));
BENCHMARK_CAPTURE(match_event, attribute_as_number, parsed("status >= 200"));
BENCHMARK_CAPTURE(match_event, regex, parsed("description ~= \"answered [23]\\\\d\\\\d\""));

void specialise_rule(benchmark::State& state) {
  const Predicate predicate = parsed(kRule);
  const Identity identity = checkout();
  bool right = true;
  for (auto _ : state) right &= predicate.specialise(identity).depends_on_value();
  expect(state, right);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(specialise_rule);

// `rules` of them, half by exact name and half by prefix, of which the identity meets one each.
void find_rules_of_identity(benchmark::State& state) {
  const auto rules = static_cast<int>(state.range(0));
  std::vector<Predicate> predicates;
  for (int i = 0; i < rules; i += 2) {
    predicates.push_back(parsed("service = \"rule-" + std::to_string(i) + "\" and metric > 3"));
    predicates.push_back(
        parsed("service =~ \"prefix-" + std::to_string(i) + ".%\" and metric > 3"));
  }
  const PredicateSet set(std::move(predicates));
  const std::string middle = std::to_string(rules / 4 * 2);
  Identity exact = checkout();
  exact.service = "rule-" + middle;
  Identity prefixed = checkout();
  prefixed.service = "prefix-" + middle + ".latency";
  std::vector<Match> matches;
  bool right = true;
  for (auto _ : state) {
    set.match(exact, matches);
    right &= matches.size() == 1;
    set.match(prefixed, matches);
    right &= matches.size() == 1;
  }
  expect(state, right);
  state.SetItemsProcessed(state.iterations() * 2);
}
BENCHMARK(find_rules_of_identity)->Arg(10)->Arg(10'000);

void find_no_rule(benchmark::State& state) {
  std::vector<Predicate> predicates;
  for (int i = 0; i < state.range(0); ++i) {
    predicates.push_back(parsed("service = \"rule-" + std::to_string(i) + "\""));
  }
  const PredicateSet set(std::move(predicates));
  const Identity identity = checkout();
  std::vector<Match> matches;
  bool right = true;
  for (auto _ : state) {
    set.match(identity, matches);
    right &= matches.empty();
  }
  expect(state, right);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(find_no_rule)->Arg(10)->Arg(10'000);

}  // namespace
