// What a point costs the deep detector, once all its memories are ready, and what a series holds.
// Shapes: series of business metrics (a day's wave with noise, bursty counts, a walk) at rows of 10
//         s, 5 minutes and an hour; `cold` takes 1,000 series in turn, so that none is in cache.
//         One item is one point. Each run checks that votes are made.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "src/detect/deep/deep_detector.hpp"

namespace tocsin::detect {
namespace {

constexpr double kStart_s = 1.7e9;
constexpr std::size_t kShapes = 3;

// Point `row` of the series numbered `shape`; `random` is that series' own.
double next_value(std::size_t shape, double time_s, double& level, std::mt19937_64& random) {
  std::normal_distribution<double> noise;
  switch (shape) {
    case 0:
      return 500 + 200 * std::sin(time_s * 6.2831853 / 86400) + 20 * noise(random);
    case 1:
      return static_cast<double>(
          std::poisson_distribution<int>(random() % 50 == 0 ? 40 : 4)(random));
    default:
      return level += noise(random);
  }
}

struct Series {
  std::vector<Point> points;

  Series(std::size_t shape, double row_s, std::size_t rows) {
    std::mt19937_64 random(shape + 1);
    double level = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      const double time_s = kStart_s + row_s * static_cast<double>(i);
      points.push_back({time_s, next_value(shape, time_s, level, random)});
    }
  }
};

// Enough for the memories to be full.
std::size_t warm_rows(double row_s) {
  const double step_s = std::max(1800.0, 2 * row_s);
  return static_cast<std::size_t>(500 * step_s / row_s);
}

void update(benchmark::State& state, double row_s, std::size_t detectors) {
  const std::size_t warm = warm_rows(row_s);
  std::vector<Series> series;
  for (std::size_t shape = 0; shape < kShapes; ++shape) series.emplace_back(shape, row_s, 2 * warm);
  std::vector<std::unique_ptr<DeepDetector>> all;
  std::string states[kShapes];
  for (std::size_t i = 0; i < detectors; ++i) {
    all.push_back(std::make_unique<DeepDetector>(DeepOptions{}));
    std::string& ready = states[i % kShapes];
    if (ready.empty()) {
      for (std::size_t row = 0; row < warm; ++row) {
        (void)all.back()->update(series[i % kShapes].points[row]);
      }
      all.back()->save(ready);
    } else if (!all.back()->restore(ready)) {
      state.SkipWithError("a state was not restored");
    }
  }
  std::size_t row = warm;
  std::int64_t votes = 0;
  std::size_t most_bytes = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < detectors; ++i) {
      votes += all[i]->update(series[i % kShapes].points[row]).abstained ? 0 : 1;
    }
    if (++row < 2 * warm) continue;
    // Time must not go back: all over again.
    state.PauseTiming();
    for (std::size_t i = 0; i < detectors; ++i) {
      most_bytes = std::max(most_bytes, all[i]->memory_bytes());
      if (!all[i]->restore(states[i % kShapes])) state.SkipWithError("a state was not restored");
    }
    row = warm;
    state.ResumeTiming();
  }
  for (const auto& detector : all) most_bytes = std::max(most_bytes, detector->memory_bytes());
  if (votes != state.iterations() * static_cast<std::int64_t>(detectors)) {
    state.SkipWithError("a detector abstained");
  }
  state.SetItemsProcessed(votes);
  state.counters["bytes_per_series"] = static_cast<double>(most_bytes);
}

BENCHMARK_CAPTURE(update, rows_of_10_s, 10, kShapes);
BENCHMARK_CAPTURE(update, rows_of_5_min, 300, kShapes);
BENCHMARK_CAPTURE(update, rows_of_5_min_cold, 300, 1000);
BENCHMARK_CAPTURE(update, rows_of_1_h, 3600, kShapes);

// A series fed from stored history at start: 45 h of rows of 5 minutes and more.
void catch_up(benchmark::State& state) {
  const Series series(0, 300, 2016);
  for (auto _ : state) {
    DeepDetector detector{DeepOptions{}};
    for (const Point& point : series.points) (void)detector.update(point);
    benchmark::DoNotOptimize(detector.memory_bytes());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(series.points.size()));
}
BENCHMARK(catch_up)->Unit(benchmark::kMillisecond);

void save_and_restore(benchmark::State& state) {
  const Series series(0, 300, 4032);
  DeepDetector detector{DeepOptions{}};
  for (const Point& point : series.points) (void)detector.update(point);
  DeepDetector other{DeepOptions{}};
  std::string bytes;
  for (auto _ : state) {
    bytes.clear();
    detector.save(bytes);
    if (!other.restore(bytes)) state.SkipWithError("a state was not restored");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(save_and_restore)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace tocsin::detect

BENCHMARK_MAIN();
