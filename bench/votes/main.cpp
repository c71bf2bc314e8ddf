// What a new point costs a series with a full day of history, and what the history costs: append
// it, follow the window, vote.
// Input:   ordinary series, or eventful ones, or those of files; 360 different ones, each many times
//          in its own memory.
// Checked: on a sample, every decision is that of the straight code, which is timed there too;
//          with --parity every vote of every detector at every point.
// Output:  markdown tables. Means are CPU time; percentiles are by the clock on the wall, of every
//          16th series at each second tick: on a machine that does other work as well, they tell of
//          that. Exit status 1 when a decision differs.
// Usage:   votes_bench [--series N] [--ticks N] [--slots N] [--only statsd|ordinary|eventful] [--quick]
//          votes_bench --parity N [--points N] [FILE...]
//          votes_bench --families
//          votes_bench FILE...
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "bench/resident.hpp"
#include "bench/votes/family_table.hpp"
#include "bench/votes/fleet.hpp"
#include "bench/votes/parity.hpp"
#include "bench/votes/sources.hpp"

namespace {

using namespace tocsin;
using bench::Points;

struct Scale {
  std::size_t series = 250'000;
  std::size_t ticks = 60;
  std::uint32_t slots = 8640;
  std::size_t different = 360;
};

float percentile(std::vector<float>& values, double part) {
  const auto rank = static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  return values[static_cast<std::size_t>(rank)];
}

// A row of the table; false: a decision differed.
bool measure(const char* name, const std::vector<Points>& values, const Scale& scale) {
  bench::Fleet fleet(scale.series, values, scale.slots);
  fleet.fill();
  std::vector<double> mean_ns;
  std::vector<float> each_ns;
  std::size_t alarms = 0;
  std::size_t wrong = 0;
  std::size_t asked = 0;
  double straight_s = 0;
  for (std::size_t k = 0; k < scale.ticks; ++k) {
    if (k % 2 == 1) {
      alarms += fleet.timed_tick(16, each_ns);
    } else {
      const double begin = bench::cpu_s();
      alarms += fleet.tick();
      mean_ns.push_back((bench::cpu_s() - begin) * 1e9 / static_cast<double>(scale.series));
    }
    for (std::size_t i = k; i < std::min(scale.series, values.size()); i += 17, ++asked) {
      wrong += !fleet.agrees(i, straight_s);
    }
  }
  double mean = 0;
  for (const double ns : mean_ns) mean += ns / static_cast<double>(mean_ns.size());
  const double best = *std::min_element(mean_ns.begin(), mean_ns.end());
  const double straight_us = straight_s * 1e6 / static_cast<double>(asked);
  const auto points = static_cast<double>(scale.series * scale.slots);
  std::printf(
      "| %s | %zu | %.0f (%.0f) | %.0f | %.0f | %.0f | %.2f %% | %.0f | %.0fx | %zu of %zu | "
      "%.2f | %.0f |\n",
      name, scale.series, mean, best, percentile(each_ns, 0.5), percentile(each_ns, 0.99),
      percentile(each_ns, 0.999),
      100.0 * static_cast<double>(alarms) / static_cast<double>(scale.series * scale.ticks),
      straight_us, 1e3 * straight_us / mean, asked - wrong, asked, fleet.history_bytes() / points,
      bench::resident_mib());
  std::fflush(stdout);
  return wrong == 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App command{"What a point costs a watched series"};
  Scale scale;
  std::string only;
  std::size_t parity = 0;
  std::size_t points = 10'000;
  bool families = false;
  bool quick = false;
  std::vector<std::string> files;
  command.add_option("--series", scale.series)->check(CLI::Range(1, 2'000'000));
  command.add_option("--ticks", scale.ticks)->check(CLI::Range(2, 10'000));
  command.add_option("--slots", scale.slots, "Points of a day")->check(CLI::Range(120, 86'400));
  command.add_option("--only", only)->check(CLI::IsMember({"statsd", "ordinary", "eventful"}));
  command.add_option("--parity", parity, "Series of which every vote is checked");
  command.add_option("--points", points, "That each of them has")->check(CLI::Range(1, 1'000'000));
  command.add_flag("--families", families, "Bytes of a point, by kind of series");
  command.add_flag("--quick", quick, "Few of all: only whether the decisions are right");
  command.add_option("files", files, "Lines timestamp,value: instead of made-up series");
  CLI11_PARSE(command, argc, argv);
  if (families) {
    bench::print_family_table();
    return 0;
  }
  if (quick) {
    if (!bench::votes_agree(bench::eventful_series(18, 700), 720)) return 1;
    scale = {.series = 36, .ticks = 20, .slots = 8640, .different = 36};
  }
  if (parity > 0) {
    const auto values = files.empty() ? bench::eventful_series(parity, points)
                                      : bench::series_of_files(files, points);
    return bench::votes_agree(values, scale.slots) ? 0 : 1;
  }
  std::printf(
      "| series | count | CPU, ns a point: mean (best tick) | p50 | p99 | p99.9 | alarms | "
      "straight, us | ratio | same decision | bytes a point | resident MiB |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|\n");
  const std::size_t needed = scale.slots + scale.ticks;
  bool right = true;
  if (!files.empty()) {
    scale.series = std::max(scale.series, files.size());
    return measure("of files", bench::series_of_files(files, needed), scale) ? 0 : 1;
  }
  const auto row = [&](const char* name, auto&& make) {
    if (!only.empty() && only != name) return;
    right = measure(name, make(scale.different, needed), scale) && right;
  };
  row("statsd", bench::statsd_series);
  row("ordinary", bench::ordinary_series);
  row("eventful", bench::eventful_series);
  return right ? 0 : 1;
}
