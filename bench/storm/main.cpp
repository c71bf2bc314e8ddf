// The storm: every watched series shifts at once. What the ticks take then, how long votes wait, and
// whether every point is accounted for.
// Method:  shards as the daemon has them, each on its own thread. Their series get a day of what
//          statsd sends as fast as it goes, then windows of ten seconds with a tick a second, in real time: some
//          calm, then all of them shifted by so many deviations, then calm again; so for each shift.
// Checked: every sample is processed; every point is voted on, passed over because its series still
//          waited, or waits; no tick is longer than a window.
// Output:  a markdown table, a row a window, and the memory of the process. Exit status 1 when a
//          check fails.
// Usage:   storm_bench [--series N] [--shards N] [--shift D]... [--detect skyline|skyline,consensus]
//                      [--slots N] [--calm N] [--windows N] [--quick]
#include <CLI/CLI.hpp>
#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/resident.hpp"
#include "bench/storm/fleet.hpp"

namespace {

using namespace tocsin;
using bench::Fleet;

constexpr std::size_t kDifferent = 360;  // series

struct Options {
  bench::FleetOptions fleet{.series = 250'000};
  std::size_t shards = 2;
  std::vector<double> shifts = {4, 8};  // deviations
  std::uint32_t calm = 3;
  std::uint32_t windows = 15;
  bool quick = false;
};

// One window of one shard; counters are those of its end.
struct Row {
  std::uint64_t longest_tick_ns = 0;
  std::uint64_t longest_wait_s = 0;
  std::uint64_t evaluations = 0;
  std::uint64_t late = 0;
  std::uint64_t skipped = 0;
  std::uint64_t waiting = 0;
  std::uint64_t open = 0;
  std::uint64_t records = 0;
};

// The shift of each window.
std::vector<double> windows_of(const Options& options) {
  std::vector<double> windows(options.calm, 0.0);
  for (const double shift : options.shifts) {
    windows.insert(windows.end(), options.windows, shift);
    windows.insert(windows.end(), options.calm, 0.0);
  }
  return windows;
}

// The windows of one shard, each second at its time.
std::vector<Row> live(Fleet& fleet, const Options& options,
                      std::chrono::steady_clock::time_point start) {
  std::vector<Row> rows;
  const app::ShardWork& work = fleet.progress();
  const std::vector<double> shifts = windows_of(options);
  for (std::size_t w = 0; w < shifts.size(); ++w) {
    Row row;
    for (std::uint32_t second = 0; second < bench::kStep_s; ++second) {
      if (!options.quick) {
        std::this_thread::sleep_until(start + std::chrono::seconds(w * bench::kStep_s + second));
      }
      fleet.tick(second);
      if (second == 0) fleet.send(shifts[w]);
    }
    row.longest_tick_ns = work.tick_ns.get();
    row.longest_wait_s = work.longest_wait_s.get();
    row.evaluations = work.evaluations.get();
    row.late = work.evaluations_late.get();
    row.skipped = work.evaluations_skipped.get();
    row.waiting = work.evaluations_waiting.get();
    row.open = work.anomalies_open.get();
    row.records = fleet.records();
    rows.push_back(row);
  }
  return rows;
}

Row sum_of(const std::vector<std::vector<Row>>& shards, std::size_t window) {
  Row sum;
  for (const std::vector<Row>& rows : shards) {
    const Row& row = rows[window];
    sum.longest_tick_ns = std::max(sum.longest_tick_ns, row.longest_tick_ns);
    sum.longest_wait_s = std::max(sum.longest_wait_s, row.longest_wait_s);
    sum.evaluations += row.evaluations;
    sum.late += row.late;
    sum.skipped += row.skipped;
    sum.waiting += row.waiting;
    sum.open += row.open;
    sum.records += row.records;
  }
  return sum;
}

void print(const std::vector<std::vector<Row>>& shards, const Options& options) {
  std::printf(
      "| window | samples | longest tick, s | votes held | of them late | longest wait, s | passed "
      "over "
      "| waiting | anomalies open | records |\n|---|---|---|---|---|---|---|---|---|---|\n");
  const std::vector<double> shifts = windows_of(options);
  Row before = sum_of(shards, 0);
  for (std::size_t w = 1; w < shards.front().size(); ++w) {
    const Row row = sum_of(shards, w);
    const auto grown = [&](std::uint64_t Row::*of) {
      return static_cast<unsigned long long>(row.*of - before.*of);
    };
    // The samples of a window are judged in the first tick of the next.
    std::printf("| %zu | %s%g | %.3f | %llu | %llu | %llu | %llu | %llu | %llu | %llu |\n", w,
                shifts[w - 1] > 0 ? "shifted by " : "calm ", shifts[w - 1],
                static_cast<double>(row.longest_tick_ns) * 1e-9, grown(&Row::evaluations),
                grown(&Row::late), static_cast<unsigned long long>(row.longest_wait_s),
                grown(&Row::skipped), static_cast<unsigned long long>(row.waiting),
                static_cast<unsigned long long>(row.open), grown(&Row::records));
    before = row;
  }
}

bool check(const char* what, bool holds) {
  if (!holds) std::printf("\nNOT MET: %s\n", what);
  return holds;
}

bool check_all(const std::vector<std::unique_ptr<Fleet>>& fleets,
               const std::vector<std::vector<Row>>& shards, const Options& options) {
  bool good = true;
  for (const auto& fleet : fleets) {
    const app::ShardWork& work = fleet->progress();
    good &= check("every sample is processed", fleet->processed() == fleet->points());
    // Only who judges the window asks for votes.
    if (options.fleet.detect.find("skyline") == std::string::npos) continue;
    // The points of the last window are not closed yet.
    const std::uint64_t closed = fleet->points() - options.fleet.series / options.shards;
    good &= check(
        "each point is voted on, passed over or waits",
        work.evaluations.get() + work.evaluations_skipped.get() + work.evaluations_waiting.get() ==
            closed);
  }
  // What was asked while the day was filled in waited for the end of that.
  bool is_settled = false;
  for (std::size_t w = 0; w < shards.front().size() && !options.quick; ++w) {
    const Row row = sum_of(shards, w);
    good &= check("each tick ends within its window",
                  row.longest_tick_ns < bench::kStep_s * std::uint64_t{1'000'000'000});
    good &= check("no vote waits longer than a minute", !is_settled || row.longest_wait_s <= 60);
    is_settled = is_settled || row.waiting == 0;
  }
  return good;
}

int run(const Options& options) {
  const std::vector<bench::Points> values =
      bench::statsd_series(kDifferent, options.fleet.history_points + 1000);
  std::vector<std::unique_ptr<Fleet>> fleets(options.shards);
  std::vector<std::vector<Row>> rows(options.shards);
  std::chrono::steady_clock::time_point start;
  std::barrier filled(static_cast<std::ptrdiff_t>(options.shards), [&]() noexcept {
    start = std::chrono::steady_clock::now() + std::chrono::milliseconds(10);
  });
  {
    std::vector<std::jthread> threads;
    for (std::size_t s = 0; s < options.shards; ++s) {
      threads.emplace_back([&, s] {
        bench::FleetOptions mine = options.fleet;
        mine.series /= options.shards;
        mine.detector_bytes /= options.shards;
        fleets[s] = std::make_unique<Fleet>(mine, values);
        for (std::uint32_t k = 0; k < mine.history_points; ++k) fleets[s]->pass();
        fleets[s]->send(0);
        filled.arrive_and_wait();
        rows[s] = live(*fleets[s], options, start);
      });
    }
  }
  std::printf("%zu series in %zu shards, %s, %u points of history\n\n", options.fleet.series,
              options.shards, options.fleet.detect.c_str(), options.fleet.history_points);
  print(rows, options);
  std::uint64_t detectors = 0;
  std::uint64_t detector_bytes = 0;
  std::uint64_t table_bytes = 0;
  for (const auto& fleet : fleets) {
    detectors += fleet->progress().detectors.get();
    detector_bytes += fleet->progress().detector_bytes.get();
    table_bytes += fleet->progress().memory_bytes.get();
  }
  std::printf("\nResident: %.0f MiB; series %.0f MiB; %llu detectors that remember, %.0f MiB\n",
              bench::resident_mib(), static_cast<double>(table_bytes) / 0x1p20,
              static_cast<unsigned long long>(detectors),
              static_cast<double>(detector_bytes) / 0x1p20);
  return check_all(fleets, rows, options) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("What happens when every series shifts at once.");
  app.add_option("--series", options.fleet.series, "watched series, of all shards");
  app.add_option("--shards", options.shards, "threads")->check(CLI::Range(1, 64));
  app.add_option("--shift", options.shifts, "how far all of them shift, in deviations");
  app.add_option("--detect", options.fleet.detect, "detect of a watch, or of several: by commas");
  app.add_option("--slots", options.fleet.history_points, "points of history");
  app.add_option("--time-share", options.fleet.time_share, "detect.time_share");
  app.add_option("--calm", options.calm, "windows before the storm, in real time");
  app.add_option("--windows", options.windows, "windows of the storm, in real time");
  app.add_flag("--quick", options.quick, "few series and ticks, to see that it works");
  CLI11_PARSE(app, argc, argv);
  if (options.quick) {
    options.fleet.series = 2000;
    options.fleet.history_points = 720;
    options.calm = 1;
    options.windows = 2;
  }
  options.fleet.series -= options.fleet.series % options.shards;
  return run(options);
}
