// What a point costs the consensus detector, and what a series holds.
// Shapes: series of five kinds (noise, counts, daily waves, walk, bursts), 300 s apart, all fed in
// turn, each warm for two days before the clock starts. `64` stays in the cache; `20000` does not:
// each point finds its series in memory, as in a daemon with many.
// Counters: p50 and p99 of the CPU time per point over batches of one point of each series (64) or
// of 256 series; state_bytes, the day ring included; saved_bytes, of a checkpoint.
// Each run checks that ordinary points fire rarely and that a value far out fires.
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "src/detect/consensus/consensus_detector.hpp"

namespace tocsin::detect::consensus {
namespace {

constexpr double kStart_s = 1.7e9;
constexpr double kStep_s = 300;
constexpr std::size_t kRowsPerDay = 288;
constexpr std::size_t kWarmRows = 2 * kRowsPerDay;
constexpr std::size_t kKinds = 5;
constexpr std::size_t kVariants = 8;  // of each kind
constexpr std::size_t kRows = 20 * kRowsPerDay;

using Series = std::vector<double>;

std::vector<Series> make_series() {
  std::mt19937_64 random(5);
  std::normal_distribution<double> noise;
  std::poisson_distribution<int> counts(4);
  std::vector<Series> all(kKinds * kVariants, Series(kRows));
  for (std::size_t s = 0; s < all.size(); ++s) {
    double level = 1000;
    for (std::size_t row = 0; row < kRows; ++row) {
      const double phase = 6.283185307 * static_cast<double>(row) / kRowsPerDay;
      level = s % kKinds == 3 ? level + noise(random) : 0.9 * level + std::exp(noise(random));
      const double values[kKinds] = {100 + 10 * noise(random), static_cast<double>(counts(random)),
                                     500 + 200 * std::sin(phase) + 20 * noise(random), level,
                                     level};
      all[s][row] = values[s % kKinds];
    }
  }
  return all;
}

// CPU time of this thread: a busy machine does not show in the percentiles.
double cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

class Fleet {
 public:
  explicit Fleet(std::size_t size) : detectors_(size), values_(make_series()) {
    while (row_ < kWarmRows) {
      feed(0, size);
      ++row_;
    }
    fired_ = 0;
  }

  void feed(std::size_t from, std::size_t to) {
    const double time_s = kStart_s + kStep_s * static_cast<double>(row_);
    for (std::size_t i = from; i < to; ++i) {
      const double value = values_[i % values_.size()][row_ % kRows];
      fired_ += detectors_[i].update({time_s, value}).fired ? 1 : 0;
    }
  }
  void next_row() { ++row_; }

  [[nodiscard]] std::size_t size() const { return detectors_.size(); }
  [[nodiscard]] std::uint64_t fired() const { return fired_; }
  [[nodiscard]] ConsensusDetector& first() { return detectors_.front(); }
  [[nodiscard]] double later_s() const {
    return kStart_s + kStep_s * static_cast<double>(row_ + 1);
  }

 private:
  std::vector<ConsensusDetector> detectors_;
  std::vector<Series> values_;
  std::size_t row_ = 0;
  std::uint64_t fired_ = 0;
};

void feed_fleet(benchmark::State& state) {
  constexpr std::size_t kBatch = 256;
  Fleet fleet(static_cast<std::size_t>(state.range(0)));
  std::vector<double> each_ns;
  std::uint64_t points = 0;
  for (auto _ : state) {
    for (std::size_t from = 0; from < fleet.size(); from += kBatch) {
      const std::size_t to = std::min(from + kBatch, fleet.size());
      const double start_ns = cpu_ns();
      fleet.feed(from, to);
      each_ns.push_back((cpu_ns() - start_ns) / static_cast<double>(to - from));
    }
    fleet.next_row();
    points += fleet.size();
  }
  if (fleet.fired() * 50 > points + 50 * fleet.size()) {
    return state.SkipWithError("ordinary points fire too often");
  }
  std::string saved;
  fleet.first().save(saved);
  state.counters["state_bytes"] = static_cast<double>(fleet.first().memory_bytes());
  state.counters["saved_bytes"] = static_cast<double>(saved.size());
  if (!fleet.first().update({fleet.later_s(), 1e9}).fired) {
    return state.SkipWithError("a value far out did not fire");
  }
  std::sort(each_ns.begin(), each_ns.end());
  const std::size_t last = each_ns.size() - 1;
  state.counters["p50_ns"] = each_ns[last / 2];
  state.counters["p99_ns"] = each_ns[last * 99 / 100];
  state.SetItemsProcessed(static_cast<std::int64_t>(points));
  state.SetBytesProcessed(static_cast<std::int64_t>(points * sizeof(Point)));
}
BENCHMARK(feed_fleet)->Name("consensus/point_to_each_of")->Arg(64)->Arg(20000);

}  // namespace
}  // namespace tocsin::detect::consensus
