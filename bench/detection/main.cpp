// How often consensus alarms where nothing happens, and how often and how soon where something
// does.
// False alarms: series of six distributions at 300 s, --series of them in all; each runs for two
// days to learn, unscored, then --weeks. An alarm is an incident opened. Wanted: at most 0.1 per
// series and week.
// Detections: --trials series of each distribution, learning for a week; then the change begins,
// and an incident that opens within a day counts (a spike: within six rows). A series with an
// incident open at that moment is left out. Delay: the median, in rows.
// Output:  two tables in Markdown.
// Usage:   detection_bench [--series N] [--weeks N] [--trials N] [--quick]
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "bench/detection/made_up_series.hpp"
#include "src/detect/consensus/consensus_detector.hpp"

namespace tocsin::bench {
namespace {

using detect::consensus::ConsensusDetector;

constexpr double kStart_s = 1.7e9;
constexpr std::size_t kRowsPerWeek = 7 * kRowsPerDay;
constexpr double kSizes[] = {3, 5, 8};

struct Options {
  std::size_t series = 10000;
  std::size_t weeks = 1;
  std::size_t trials = 100;
  bool quick = false;
};

Point at_row(std::size_t row, double value) {
  return {kStart_s + kStep_s * static_cast<double>(row), value};
}

struct FalseAlarms {
  std::size_t first_week = 0;  // after learning
  std::size_t all = 0;
  std::size_t series = 0;
};

FalseAlarms count_false_alarms(Kind kind, const Options& options) {
  FalseAlarms found;
  found.series = std::max<std::size_t>(1, options.series / kKindNames.size());
  constexpr std::size_t kLearning = 2 * kRowsPerDay;
  for (std::size_t s = 0; s < found.series; ++s) {
    MadeUpSeries series(kind, 1000 + s);
    ConsensusDetector detector;
    for (std::size_t row = 0; row < kLearning + options.weeks * kRowsPerWeek; ++row) {
      (void)detector.update(at_row(row, series.next()));
      if (row < kLearning || !detector.opened_incident()) continue;
      ++found.all;
      if (row < kLearning + kRowsPerWeek) ++found.first_week;
    }
  }
  return found;
}

struct Detections {
  std::size_t tried = 0;
  std::vector<std::size_t> delays;
};

Detections count_detections(Kind kind, Change change, double size, std::size_t trials) {
  Detections found;
  const double deviation = typical_deviation(kind);
  const std::size_t within = change == Change::kSpike ? 6 : kRowsPerDay;
  for (std::size_t trial = 0; trial < trials; ++trial) {
    MadeUpSeries series(kind, 500000 + trial);
    ConsensusDetector detector;
    // At different times of the day.
    const std::size_t begin = kRowsPerWeek + trial * kRowsPerDay / trials;
    for (std::size_t row = 0; row < begin; ++row) {
      (void)detector.update(at_row(row, series.next()));
    }
    if (detector.incident_open()) continue;
    ++found.tried;
    for (std::size_t since = 0; since < within; ++since) {
      const double value = series.next();
      (void)detector.update(
          at_row(begin + since, changed(value, series.centre(), change, size, deviation, since)));
      if (!detector.opened_incident()) continue;
      found.delays.push_back(since);
      break;
    }
  }
  std::sort(found.delays.begin(), found.delays.end());
  return found;
}

void print_false_alarms(const Options& options) {
  std::printf(
      "| distribution | series | weeks | false alarms | per series-week | of the first week |\n");
  std::printf("|---|---|---|---|---|---|\n");
  FalseAlarms sum;
  for (std::size_t k = 0; k < kKindNames.size(); ++k) {
    const FalseAlarms found = count_false_alarms(static_cast<Kind>(k), options);
    const auto series = static_cast<double>(found.series);
    std::printf("| %s | %zu | %zu | %zu | %.4f | %.4f |\n", kKindNames[k].data(), found.series,
                options.weeks, found.all,
                static_cast<double>(found.all) / (series * static_cast<double>(options.weeks)),
                static_cast<double>(found.first_week) / series);
    sum.all += found.all;
    sum.first_week += found.first_week;
    sum.series += found.series;
  }
  const auto series = static_cast<double>(sum.series);
  std::printf("| all | %zu | %zu | %zu | %.4f | %.4f |\n\n", sum.series, options.weeks, sum.all,
              static_cast<double>(sum.all) / (series * static_cast<double>(options.weeks)),
              static_cast<double>(sum.first_week) / series);
}

void print_detections(const Options& options) {
  std::printf("Share found / median delay in rows.\n\n| change | deviations |");
  for (const std::string_view name : kKindNames) std::printf(" %s |", name.data());
  std::printf("\n|---|---|---|---|---|---|---|---|\n");
  for (std::size_t c = 0; c < kChangeNames.size(); ++c) {
    const auto change = static_cast<Change>(c);
    for (const double size : kSizes) {
      if (change == Change::kDrop && size != kSizes[0]) continue;  // has but one size
      std::printf("| %s | %s |", kChangeNames[c].data(),
                  change == Change::kDrop ? ""
                  : size == 3             ? "3"
                  : size == 5             ? "5"
                                          : "8");
      for (std::size_t k = 0; k < kKindNames.size(); ++k) {
        const Detections found =
            count_detections(static_cast<Kind>(k), change, size, options.trials);
        const auto tried = static_cast<double>(std::max<std::size_t>(1, found.tried));
        std::printf(" %.2f", static_cast<double>(found.delays.size()) / tried);
        if (!found.delays.empty()) std::printf(" / %zu", found.delays[found.delays.size() / 2]);
        std::printf(" |");
      }
      std::printf("\n");
      std::fflush(stdout);
    }
  }
}

bool check_quickly() {
  const FalseAlarms quiet = count_false_alarms(Kind::kNormal, {.series = 120});
  const Detections step = count_detections(Kind::kNormal, Change::kStep, 8, 20);
  std::printf("normal: %zu false alarms in %zu series-weeks; %zu of %zu steps found\n", quiet.all,
              quiet.series, step.delays.size(), step.tried);
  // One a day would be a broken detector, not an unlucky draw.
  return quiet.all <= 7 * quiet.series && step.delays.size() * 10 >= step.tried * 9;
}

Options options_of(int count, char** words) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--quick") {
      options.quick = true;
      continue;
    }
    const std::size_t number = i + 1 < count ? std::strtoull(words[i + 1], nullptr, 10) : 0;
    if (number == 0) {
      std::fprintf(stderr, "%s: expected a number after it\n", words[i]);
      std::exit(2);
    }
    ++i;
    if (word == "--series") options.series = number;
    if (word == "--weeks") options.weeks = number;
    if (word == "--trials") options.trials = number;
  }
  return options;
}

}  // namespace
}  // namespace tocsin::bench

int main(int count, char** words) {
  const tocsin::bench::Options options = tocsin::bench::options_of(count, words);
  if (options.quick) return tocsin::bench::check_quickly() ? 0 : 1;
  tocsin::bench::print_false_alarms(options);
  tocsin::bench::print_detections(options);
  return 0;
}
