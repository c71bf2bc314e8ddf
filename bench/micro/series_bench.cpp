// What one point of history costs in bytes and nanoseconds, by kind of series, and one sample of
// the window structures. Each benchmark checks its answer. The table in docs/formats/history.md is
// made with: bench_series --benchmark_filter=... --benchmark_format=console
#include <benchmark/benchmark.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "src/series/ddsketch.hpp"
#include "src/series/distinct.hpp"
#include "src/series/distribution.hpp"
#include "src/series/history.hpp"
#include "src/series/history_view.hpp"
#include "tests/unit/series/series_families.hpp"

namespace {

using namespace tocsin::series;  // the whole file is about it

constexpr std::int64_t kDay = 8640;
constexpr std::size_t kRoom = std::size_t{1} << 30;

struct Fleet {
  explicit Fleet(std::size_t count, Family family) : pool(arena, {}), values() {
    for (std::size_t i = 0; i < count; ++i) {
      histories.emplace_back(static_cast<std::uint32_t>(i * 7));
      values.push_back(make_family(family, 2 * kDay, i));
    }
  }
  // Appends `slots` points to every series, one tick after the other.
  bool run(std::int64_t slots) {
    bool stored = true;
    for (const std::int64_t end = slot + slots; slot < end; ++slot) {
      for (std::size_t i = 0; i < histories.size(); ++i) {
        const double value = values[i][static_cast<std::size_t>(slot % (2 * kDay))];
        stored = pool.append(histories[i], slot, value) == AppendStatus::kStored && stored;
      }
    }
    return stored;
  }
  Arena arena{kRoom};
  HistoryPool pool;
  std::vector<History> histories;
  std::vector<std::vector<double>> values;
  std::int64_t slot = 0;
};

constexpr std::size_t kFleet = 20;

// Steady state: the window is full, every 120th point closes a block and frees one.
void history_append(benchmark::State& state, Family family) {
  Fleet fleet(kFleet, family);
  if (!fleet.run(kDay + 200)) state.SkipWithError("refused while filling");
  for (auto _ : state) {
    if (!fleet.run(240)) state.SkipWithError("refused");
  }
  state.SetItemsProcessed(state.iterations() * 240 * static_cast<std::int64_t>(kFleet));
  // Blocks, table and newest block of a full window, all arena bytes included.
  state.counters["bytes/point"] =
      static_cast<double>(fleet.arena.bytes_in_use()) / static_cast<double>(kFleet * kDay);
}

void history_decode(benchmark::State& state, Family family) {
  Fleet fleet(kFleet, family);
  if (!fleet.run(kDay + 200)) state.SkipWithError("refused while filling");
  std::vector<std::int64_t> slots(kDay);
  std::vector<double> values(kDay);
  std::size_t next = 0;
  for (auto _ : state) {
    const HistoryView view(fleet.pool, fleet.histories[next]);
    const std::size_t copied = view.copy_to(slots, values);
    const double expected =
        fleet.values[next][static_cast<std::size_t>(fleet.slot - 1) % (2 * kDay)];
    if (copied != kDay ||
        std::bit_cast<std::uint64_t>(values.back()) != std::bit_cast<std::uint64_t>(expected)) {
      state.SkipWithError("wrong history");
    }
    next = (next + 1) % kFleet;
  }
  state.SetItemsProcessed(state.iterations() * kDay);
  state.SetBytesProcessed(state.iterations() * kDay * 8);
}

// The payload alone: every full block of a family, without rounding, table and newest block.
void block_encode(benchmark::State& state, Family family) {
  std::vector<std::vector<double>> days;
  for (std::uint64_t seed = 0; seed < kFleet; ++seed) {
    days.push_back(make_family(family, kDay, seed));
  }
  EncodedBlock block;
  std::size_t bytes = 0;
  std::size_t points = 0;
  for (auto _ : state) {
    const auto& day = days[points / kDay % kFleet];
    std::uint8_t hint = 0;
    for (std::size_t at = 0; at < kDay; at += kBlockSlots) {
      bytes += encode_block(std::span(day).subspan(at, kBlockSlots), SlotSet::all(), hint, block);
    }
    points += kDay;
    benchmark::DoNotOptimize(block);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(points));
  state.counters["bytes/point"] = static_cast<double>(bytes) / static_cast<double>(points);
}

void block_decode(benchmark::State& state, Family family) {
  std::vector<EncodedBlock> blocks;
  for (std::uint64_t seed = 0; seed < kFleet; ++seed) {
    const std::vector<double> day = make_family(family, kDay, seed);
    std::uint8_t hint = 0;
    for (std::size_t at = 0; at < kDay; at += kBlockSlots) {
      static_cast<void>(encode_block(std::span(day).subspan(at, kBlockSlots), SlotSet::all(), hint,
                                     blocks.emplace_back()));
    }
  }
  std::array<double, kBlockSlots> values;
  std::size_t next = 0;
  for (auto _ : state) {
    if (decode_block(blocks[next].data(), values) != kBlockSlots) state.SkipWithError("short");
    benchmark::DoNotOptimize(values);
    next = next + 1 == blocks.size() ? 0 : next + 1;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBlockSlots));
  state.SetBytesProcessed(state.items_processed() * 8);
}

void history_total(benchmark::State& state) {
  Fleet fleet(kFleet, Family::kCountRate100);
  if (!fleet.run(kDay + 200)) state.SkipWithError("refused while filling");
  std::size_t next = 0;
  for (auto _ : state) {
    const Aggregate all = HistoryView(fleet.pool, fleet.histories[next]).total();
    if (all.count != kDay) state.SkipWithError("wrong count");
    next = (next + 1) % kFleet;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(history_total);

void sketch_add(benchmark::State& state) {
  Arena arena(kRoom);
  const std::vector<double> values = make_family(Family::kTimerThreeDecimals, 1 << 14, 1);
  DdSketch sketch(arena);
  bool added = true;
  for (auto _ : state) {
    for (const double value : values) added = sketch.add(value) && added;
  }
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const double exact = sorted[(sorted.size() - 1) / 2];
  if (!added || std::abs(sketch.quantile(0.5) - exact) > 0.011 * exact) {
    state.SkipWithError("wrong median");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(values.size()));
}
BENCHMARK(sketch_add);

// A whole window: add `values`, summarise with three thresholds, clear.
void timer_window(benchmark::State& state) {
  Arena arena(kRoom);
  DistributionPool pool(arena, DdSketch::kDefaultRelativeError);
  const auto count = static_cast<std::size_t>(state.range(0));
  const std::vector<double> values = make_family(Family::kTimerThreeDecimals, count, 1);
  const double thresholds[] = {90, 99, -10};
  TimerSummary summary;
  Distribution window;
  for (auto _ : state) {
    for (const double value : values) {
      if (!pool.add(window, value, 1)) state.SkipWithError("refused");
    }
    pool.summarise(window, thresholds, 10, summary);
    if (summary.count != static_cast<double>(count)) state.SkipWithError("wrong count");
    pool.clear(window);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(timer_window)->Arg(1)->Arg(10)->Arg(256)->Arg(10'000);

void set_window(benchmark::State& state) {
  Arena arena(kRoom);
  DistinctPool pool(arena);
  Distinct set;
  const auto members = static_cast<std::uint64_t>(state.range(0));
  for (auto _ : state) {
    for (std::uint64_t i = 1; i <= members; ++i) {
      // Evenly spread, as XXH3 would be.
      std::uint64_t hash = i * 0x9e3779b97f4a7c15;
      hash = (hash ^ (hash >> 32)) * 0xd6e8feb86659fd93;
      if (!pool.add(set, hash)) state.SkipWithError("refused");
    }
    const double error = pool.estimate(set) / static_cast<double>(members) - 1;
    if (std::abs(error) > 0.08) state.SkipWithError("wrong estimate");
    pool.clear(set);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(set_window)->Arg(1)->Arg(8)->Arg(1000)->Arg(100'000);

// One line of the table a family.
const bool kRegistered = [] {
  const auto add = [](const std::string& what, void (*run)(benchmark::State&, Family)) {
    for (const FamilyName& family : kFamilies) {
      const std::string name = what + "/" + std::string(family.name);
      benchmark::RegisterBenchmark(name.c_str(), run, family.family);
    }
  };
  add("block_encode", block_encode);
  add("block_decode", block_decode);
  add("history_append", history_append);
  add("history_decode", history_decode);
  return true;
}();

}  // namespace
