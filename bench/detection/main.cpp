// How often consensus and Skyline alarm where nothing happens, and how often and how soon where
// something does: the same series to both.
// False alarms: series of each distribution at 300 s, --series of the first six in all (a tenth of
// them for what is noticed and for Skyline); each runs for two days to learn, then --weeks. An
// alarm is an incident opened. Wanted: at most 0.1 per series and week of the first six at the
// default of 0.1.
// Detections: --trials series of each distribution, learning for a week; then the change begins,
// and an incident that opens within a day counts (a spike: within six rows). A series with an
// incident open at that moment is left out. Delay: the median, in rows. Who alarms all the time
// finds something by chance: the line "nothing" is how often.
// Output:  tables in Markdown; with --votes lines to compare with those of another build
//          (vote_sums.hpp).
// Usage:   detection_bench [--series N] [--weeks N] [--trials N] [--seed N] [--quick] [--votes N]
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include "bench/detection/made_up_series.hpp"
#include "bench/detection/vote_sums.hpp"
#include "bench/detection/watchers.hpp"

namespace tocsin::bench {
namespace {

constexpr std::size_t kRowsPerWeek = 7 * kRowsPerDay;
constexpr std::size_t kLearning = 2 * kRowsPerDay;
constexpr double kDefault = 0.1;  // false alarms per week
constexpr double kSettings[] = {0.01, 0.03, 0.1, 0.3, 1};
constexpr double kSizes[] = {3, 5, 8};
constexpr std::string_view kNothing = "nothing";

struct Options {
  std::size_t series = 10000;
  std::size_t weeks = 1;
  std::size_t trials = 100;
  std::size_t seed = 1000;
  std::size_t votes = 0;  // series of which only sums of the votes are printed
  bool quick = false;
};

struct FalseAlarms {
  double learning = 0;  // per series
  double first_week = 0;
  double all = 0;  // per series and week, after learning
};

FalseAlarms count_false_alarms(Kind kind, std::size_t count, const Options& options,
                               MakeWatcher make, double setting) {
  FalseAlarms found;
  for (std::size_t s = 0; s < count; ++s) {
    MadeUpSeries series(kind, options.seed + s);
    const std::unique_ptr<Watcher> watcher = make(setting);
    for (std::size_t row = 0; row < kLearning + options.weeks * kRowsPerWeek; ++row) {
      if (!watcher->add(row, series.next())) continue;
      if (row < kLearning) {
        found.learning += 1;
        continue;
      }
      found.all += 1;
      if (row < kLearning + kRowsPerWeek) found.first_week += 1;
    }
  }
  const auto each = static_cast<double>(count);
  return {found.learning / each, found.first_week / each,
          found.all / (each * static_cast<double>(options.weeks))};
}

void print_false_alarms(const Options& options) {
  const std::size_t each = std::max<std::size_t>(1, options.series / kKinds);
  std::printf(
      "| distribution | series | weeks | consensus | of the first week | of the two days before | "
      "noticed | Skyline |\n|---|---|---|---|---|---|---|---|\n");
  std::array<double, 5> sum{};
  for (std::size_t k = 0; k < kKindNames.size(); ++k) {
    const auto kind = static_cast<Kind>(k);
    const auto count = [&](MakeWatcher make, std::size_t series) {
      return count_false_alarms(kind, series, options, make, kDefault);
    };
    const std::size_t tenth = (each + 9) / 10;
    const FalseAlarms ours = count(watch_consensus, each);
    const std::array<double, 5> row{ours.all, ours.first_week, ours.learning,
                                    count(watch_notices, tenth).all,
                                    count(watch_skyline, tenth).all};
    std::printf("| %s | %zu | %zu |", kKindNames[k].data(), each, options.weeks);
    for (const double cell : row) std::printf(" %.3f |", cell);
    std::printf("\n");
    for (std::size_t i = 0; i < row.size() && k < kKinds; ++i) sum[i] += row[i] / kKinds;
    if (k + 1 != kKinds) continue;
    std::printf("| all six | %zu | %zu |", kKinds * each, options.weeks);
    for (const double cell : sum) std::printf(" %.3f |", cell);
    std::printf("\n");
    std::fflush(stdout);
  }
}

void print_settings(const Options& options) {
  const std::size_t each = std::max<std::size_t>(1, options.series / kKinds / 5);
  std::printf("\n| false alarms per week set |");
  for (std::size_t k = 0; k < kKinds; ++k) std::printf(" %s |", kKindNames[k].data());
  std::printf(" all six |\n|---|---|---|---|---|---|---|---|\n");
  for (const double setting : kSettings) {
    std::printf("| %g |", setting);
    double sum = 0;
    for (std::size_t k = 0; k < kKinds; ++k) {
      const double found =
          count_false_alarms(static_cast<Kind>(k), each, options, watch_consensus, setting).all;
      std::printf(" %.3f |", found);
      sum += found / kKinds;
    }
    std::printf(" %.3f |\n", sum);
    std::fflush(stdout);
  }
}

// What begins after a week: a change of a size, or nothing.
struct Event {
  std::string_view name;
  Change change;
  double size;
  std::size_t within;
};

std::vector<Event> events() {
  std::vector<Event> all{{kNothing, Change::kStep, 0, kRowsPerDay}};
  for (std::size_t c = 0; c < kChangeNames.size(); ++c) {
    const auto change = static_cast<Change>(c);
    for (const double size : kSizes) {
      if (change == Change::kDrop && size != kSizes[0]) continue;  // has but one size
      all.push_back({kChangeNames[c], change, size, change == Change::kSpike ? 6 : kRowsPerDay});
    }
  }
  return all;
}

struct Detections {
  std::size_t tried = 0;
  std::vector<std::size_t> delays;

  void add(const Watcher& learned, MadeUpSeries series, const Event& event, double deviation,
           std::size_t begin) {
    const std::unique_ptr<Watcher> watcher = learned.copy();
    ++tried;
    for (std::size_t since = 0; since < event.within; ++since) {
      const double value = series.next();
      if (!watcher->add(begin + since, changed(value, series.centre(), event.change, event.size,
                                               deviation, since))) {
        continue;
      }
      delays.push_back(since);
      return;
    }
  }

  void print() {
    const auto all = static_cast<double>(std::max<std::size_t>(1, tried));
    std::sort(delays.begin(), delays.end());
    std::printf("%.2f", static_cast<double>(delays.size()) / all);
    if (!delays.empty()) std::printf(" / %zu", delays[delays.size() / 2]);
  }
};

// Of each event.
std::vector<Detections> count_detections(Kind kind, const Options& options, MakeWatcher make) {
  const std::vector<Event> all = events();
  std::vector<Detections> found(all.size());
  const double deviation = typical_deviation(kind);
  for (std::size_t trial = 0; trial < options.trials; ++trial) {
    MadeUpSeries series(kind, 500000 + options.seed + trial);
    const std::unique_ptr<Watcher> watcher = make(kDefault);
    // At different times of the day.
    const std::size_t begin = kRowsPerWeek + trial * kRowsPerDay / options.trials;
    for (std::size_t row = 0; row < begin; ++row) (void)watcher->add(row, series.next());
    if (watcher->incident_open()) continue;
    for (std::size_t e = 0; e < all.size(); ++e) {
      found[e].add(*watcher, series, all[e], deviation, begin);
    }
  }
  return found;
}

void print_detections(const Options& options) {
  std::printf(
      "\nShare found / median delay in rows: consensus, Skyline.\n\n| change | deviations |");
  for (const std::string_view name : kKindNames) std::printf(" %s |", name.data());
  std::printf("\n|---|---|");
  for (std::size_t k = 0; k < kKindNames.size(); ++k) std::printf("---|");
  std::printf("\n");
  std::vector<std::array<std::vector<Detections>, 2>> found;
  for (std::size_t k = 0; k < kKindNames.size(); ++k) {
    const auto kind = static_cast<Kind>(k);
    found.push_back({count_detections(kind, options, watch_consensus),
                     count_detections(kind, options, watch_skyline)});
  }
  const std::vector<Event> all = events();
  for (std::size_t e = 0; e < all.size(); ++e) {
    std::printf("| %s |", all[e].name.data());
    const bool sized = all[e].name != kNothing && all[e].change != Change::kDrop;
    if (sized) std::printf(" %g", all[e].size);
    std::printf(" |");
    for (auto& [consensus, skyline] : found) {
      std::printf(" ");
      consensus[e].print();
      std::printf(", ");
      skyline[e].print();
      std::printf(" |");
    }
    std::printf("\n");
  }
}

bool check_quickly() {
  const Options options{.trials = 20};
  const FalseAlarms quiet = count_false_alarms(Kind::kNormal, 100, options, watch_consensus, 0.1);
  const std::vector<Event> all = events();
  std::vector<Detections> found = count_detections(Kind::kNormal, options, watch_consensus);
  bool steps_found = true;
  for (std::size_t e = 0; e < all.size(); ++e) {
    if (all[e].change != Change::kStep || all[e].name == kNothing) continue;
    steps_found = steps_found && found[e].delays.size() * 10 >= found[e].tried * 9;
  }
  std::printf("normal: %.2f false alarms a series-week; steps %s\n", quiet.all,
              steps_found ? "found" : "not found");
  // Four times what is set would be a broken detector, not an unlucky draw.
  return quiet.all <= 4 * kDefault && steps_found;
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
    if (word == "--seed") options.seed = number;
    if (word == "--votes") options.votes = number;
  }
  return options;
}

}  // namespace
}  // namespace tocsin::bench

int main(int count, char** words) {
  const tocsin::bench::Options options = tocsin::bench::options_of(count, words);
  if (options.quick) return tocsin::bench::check_quickly() ? 0 : 1;
  if (options.votes > 0) {
    tocsin::bench::print_vote_sums(options.votes, options.seed);
    return 0;
  }
  tocsin::bench::print_false_alarms(options);
  tocsin::bench::print_settings(options);
  tocsin::bench::print_detections(options);
  return 0;
}
