// The promise that matters at 250,000 series: once grown, nothing here asks the heap again.
#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "src/series/distinct.hpp"
#include "src/series/distribution.hpp"
#include "src/series/history.hpp"
#include "src/series/history_view.hpp"
#include "tests/support/counting_new.hpp"
#include "tests/unit/series/series_families.hpp"

namespace tocsin::series {
namespace {

TEST_CASE("histories whose windows are full append, forget and read without the heap") {
  constexpr std::size_t kSeries = 240;
  constexpr std::int64_t kWindow = 1440;
  Arena arena(64 << 20);
  HistoryPool pool(arena, {.step_seconds = 10, .capacity = kWindow});
  std::vector<History> all;
  std::vector<std::vector<double>> values;
  for (std::size_t i = 0; i < kSeries; ++i) {
    all.emplace_back(static_cast<std::uint32_t>(i));
    values.push_back(make_family(kFamilies[i % std::size(kFamilies)].family, kWindow, i));
  }
  std::int64_t slot = 0;
  const auto run_for = [&](std::int64_t slots) {
    bool stored = true;
    for (const std::int64_t end = slot + slots; slot < end; ++slot) {
      for (std::size_t i = 0; i < kSeries; ++i) {
        const double value = values[i][static_cast<std::size_t>(slot % kWindow)];
        stored = pool.append(all[i], slot, value) == AppendStatus::kStored && stored;
      }
    }
    return stored;
  };
  REQUIRE(run_for(3 * kWindow));
  const std::size_t reserved = arena.bytes_reserved();
  const std::uint64_t before = tocsin::testing::heap_allocations();
  CHECK(run_for(3 * kWindow));
  double sum = 0;
  for (const History& history : all) {
    HistoryView(pool, history).for_each([&](std::int64_t, double value) { sum += value; });
    sum += HistoryView(pool, history).total().sum;
  }
  CHECK(tocsin::testing::heap_allocations() == before);
  CHECK(arena.bytes_reserved() == reserved);
  CHECK(sum != 0);
}

TEST_CASE("windows of timers and sets are filled, summarised and cleared without the heap") {
  Arena arena(64 << 20);
  DistributionPool timers(arena, 0.01);
  DistinctPool sets(arena);
  std::vector<Distribution> timer(20);
  std::vector<Distinct> set(20);
  TimerSummary summary;
  const double thresholds[] = {50, 90, 99, -10};
  double total = 0;
  const auto one_window = [&] {
    bool stored = true;
    for (std::size_t i = 0; i < timer.size(); ++i) {
      for (std::size_t k = 0; k < i * i * 10; ++k) {
        const std::uint64_t hash = (k + 1) * 0x9e3779b97f4a7c15;
        stored = timers.add(timer[i], static_cast<double>(hash >> 50), 1) && stored;
        stored = sets.add(set[i], hash) && stored;
      }
      timers.summarise(timer[i], thresholds, 10, summary);
      total += summary.count + sets.estimate(set[i]);
      timers.clear(timer[i]);
      sets.clear(set[i]);
    }
    return stored;
  };
  REQUIRE(one_window());
  const std::uint64_t before = tocsin::testing::heap_allocations();
  for (int window = 0; window < 5; ++window) CHECK(one_window());
  CHECK(tocsin::testing::heap_allocations() == before);
  CHECK(arena.bytes_in_use() == 0);
  CHECK(total > 0);
}

}  // namespace
}  // namespace tocsin::series
