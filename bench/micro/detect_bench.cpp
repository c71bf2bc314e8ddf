// What one evaluation costs: the nine detectors, and each alone, over 24 h of 10 s points.
// Shapes: 100 series of 10 kinds (noise, counts, seasonal, walk, ratios, bytes, each calm or with a
// shift), 8,640 points; and the same of 1,728 points. One item is one series.
// Each run checks that the votes are those of the first.
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "src/detect/ensemble.hpp"
#include "src/detect/skyline.hpp"

namespace tocsin::detect {
namespace {

constexpr std::size_t kSeries = 100;
constexpr double kStart_s = 1.7e9;

struct Corpus {
  std::vector<double> times_s;
  std::vector<std::vector<double>> values;

  [[nodiscard]] Window window(std::size_t series) const {
    return {times_s, values[series], times_s.back()};
  }
};

double next_value(int kind, double phase, double& level, std::mt19937_64& random) {
  std::normal_distribution<double> noise;
  switch (kind) {
    case 0:
      return 100 + 10 * noise(random);
    case 1:
      return std::poisson_distribution<int>(4)(random);
    case 2:
      return 500 + 200 * std::sin(6.283 * phase) + 20 * noise(random);
    case 3:
      return level += noise(random);
    default:
      return level = 0.9 * level + std::exp(noise(random));
  }
}

Corpus make_corpus(std::size_t points) {
  std::mt19937_64 random(5);
  Corpus corpus;
  const double step_s = kFullDuration_s / static_cast<double>(points);
  for (std::size_t i = 0; i < points; ++i) {
    corpus.times_s.push_back(kStart_s + step_s * static_cast<double>(i));
  }
  for (std::size_t s = 0; s < kSeries; ++s) {
    const int kind = static_cast<int>(s % 5);
    // Half of them shift within the last ten minutes, so that the costly paths run too.
    const std::size_t shift_from = s % 10 < 5 ? points : points - 1 - s / 10 * points / 1440;
    std::vector<double> values;
    double level = 0;
    for (std::size_t i = 0; i < points; ++i) {
      const double phase = static_cast<double>(i) / static_cast<double>(points);
      const double value = next_value(kind, phase, level, random);
      values.push_back(i < shift_from ? value : 5 * value + 50);
    }
    corpus.values.push_back(std::move(values));
  }
  return corpus;
}

std::uint32_t votes_of(const Verdict& verdict) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < verdict.size; ++i) {
    bits |= static_cast<std::uint32_t>(verdict.votes[i].fired) << i;
  }
  return bits;
}

// CPU time of this thread: a busy machine does not show in the percentiles.
double cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

void judge_day(benchmark::State& state, const Ensemble& ensemble, std::size_t points) {
  const Corpus corpus = make_corpus(points);
  Scratch scratch;
  std::vector<std::uint32_t> expected;
  for (std::size_t s = 0; s < kSeries; ++s) {
    expected.push_back(votes_of(ensemble.judge(corpus.window(s), scratch)));
  }
  std::vector<double> each_us;
  for (auto _ : state) {
    for (std::size_t s = 0; s < kSeries; ++s) {
      const double start_us = cpu_us();
      const Verdict verdict = ensemble.judge(corpus.window(s), scratch);
      each_us.push_back(cpu_us() - start_us);
      if (votes_of(verdict) != expected[s]) state.SkipWithError("the votes changed");
    }
  }
  if (each_us.empty()) return;
  std::sort(each_us.begin(), each_us.end());
  const std::size_t last = each_us.size() - 1;
  state.counters["p50_us"] = each_us[last / 2];
  state.counters["p99_us"] = each_us[last * 99 / 100];
  state.SetItemsProcessed(static_cast<std::int64_t>(each_us.size()));
  state.SetBytesProcessed(static_cast<std::int64_t>(each_us.size() * points * sizeof(double)));
}

void register_all() {
  for (const std::size_t points : {std::size_t{8640}, std::size_t{1728}}) {
    const std::string name = "skyline_nine/100_series_of_" + std::to_string(points);
    benchmark::RegisterBenchmark(name.c_str(), [points](benchmark::State& state) {
      judge_day(state, Ensemble(), points);
    })->Unit(benchmark::kMillisecond);
  }
  for (const Detector& detector : skyline()) {
    const std::string name = std::string(detector.name) + "/100_series_of_8640";
    benchmark::RegisterBenchmark(name.c_str(), [&detector](benchmark::State& state) {
      const Result<Ensemble> alone = Ensemble::make({detector}, 1, Consensus::kQuorum);
      if (!alone) return state.SkipWithError("no ensemble of one");
      judge_day(state, *alone, 8640);
    })->Unit(benchmark::kMillisecond);
  }
}

const bool kRegistered = (register_all(), true);

}  // namespace
}  // namespace tocsin::detect
