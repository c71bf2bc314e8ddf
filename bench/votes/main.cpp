// What a new point costs a series with a full day of history: append it, follow the window, vote.
// Input:   series of fifteen kinds, calm, or each with a spike a day and a shift that lasts two
//          hours; 360 different ones, each many times in its own memory.
// Checked: on a sample, every decision is that of the straight code, which is timed there too.
// Output:  lines of a markdown table; CPU time. Exit status 1 when a decision differs.
// Usage:   votes_bench [--series N] [--ticks N] [--quick]
#include <time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "src/app/history_reader.hpp"
#include "src/app/running_window.hpp"
#include "src/detect/ensemble.hpp"
#include "src/detect/running_ensemble.hpp"
#include "src/series/history.hpp"

namespace {

using namespace tocsin;

constexpr std::uint32_t kStep_s = 10;
constexpr std::uint32_t kSlots = 8640;
constexpr std::int64_t kFirstSlot = 170'000'000;
constexpr int kKinds = 15;

using Random = std::mt19937_64;

double rounded(double value, double unit) {
  return std::round(value / unit) * unit;
}

// The next value of a series; `level` is what it remembers, `day` the part of the day gone by.
double next_value(int kind, double day, double& level, Random& random) {
  const double noise = std::normal_distribution<double>{}(random);
  const auto count = [&](double mean) {
    return static_cast<double>(std::poisson_distribution<int>(mean)(random));
  };
  switch (kind) {
    case 0:
      return count(0.1);
    case 1:
      return count(1);
    case 2:
      return count(10);
    case 3:
      return count(100);
    case 4:
      return count(1000 + 400 * std::sin(6.2832 * day));
    case 5:
      return count(300) / 10;
    case 6:
      return rounded(50 + 10 * noise, 0.01);
    case 7:
      return rounded(120 + 15 * noise, 0.1);
    case 8:
      return rounded(std::exp(3 + 0.5 * noise), 0.001);
    case 9:
      return rounded(std::clamp(40 + 10 * noise, 0.0, 100.0), 0.1);
    case 10:
      return 16;
    case 11:
      return random() % 50 == 0 ? count(5) : 0;
    case 12:
      return level = std::max(level + 4096 * std::round(3 * noise), 4096.0 * 1000);
    case 13:
      return level += count(5e4);
    default:
      return level = 0.95 * level + noise;  // full precision
  }
}

std::vector<std::vector<double>> make_series(bool eventful, std::size_t points, std::size_t kinds) {
  std::vector<std::vector<double>> all;
  for (std::size_t i = 0; i < kinds; ++i) {
    Random random(i + 1);
    double level = 1e6;
    std::vector<double> values;
    const std::size_t shift = random() % points;
    for (std::size_t k = 0; k < points; ++k) {
      const double day = static_cast<double>(k) / kSlots;
      double value = next_value(static_cast<int>(i % kKinds), day, level, random);
      if (eventful && random() % 8640 == 0) value = 20 * value + 100;
      if (eventful && k >= shift && k < shift + 720) value = 1.5 * value + 1;
      values.push_back(value);
    }
    all.push_back(std::move(values));
  }
  return all;
}

double cpu_s() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double resident_mib() {
  unsigned long total = 0;
  unsigned long resident = 0;
  if (std::FILE* const file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%lu %lu", &total, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 0x1p20;
}

struct Watched {
  series::History history;
  app::RunningWindow running;
};

class Fleet {
 public:
  Fleet(std::size_t count, const std::vector<std::vector<double>>& values)
      : values_(values), series_(count) {
    for (std::size_t i = 0; i < count; ++i) {
      series_[i].history = series::History(static_cast<std::uint32_t>(i));
    }
  }

  // Gives every series its next point, without a vote.
  void append() {
    for (std::size_t i = 0; i < series_.size(); ++i) append_to(i);
    ++next_;
  }
  void catch_up() {
    for (Watched& watched : series_) watched.running.catch_up(view(watched));
  }
  // The same with votes; returns how many alarm.
  std::size_t tick() {
    std::size_t alarms = 0;
    for (std::size_t i = 0; i < series_.size(); ++i) {
      Watched& watched = series_[i];
      watched.running.advance(view(watched), kFirstSlot + next_ - kSlots + 1);
      append_to(i);
      alarms += decide(watched);
    }
    ++next_;
    return alarms;
  }
  // The decision of series `i` about its newest point, in both ways; the CPU of the straight one.
  bool agrees(std::size_t i, double& straight_s) {
    Watched& watched = series_[i];
    times_s_.clear();
    window_.clear();
    view(watched).for_each([&](std::int64_t slot, double value) {
      times_s_.push_back(static_cast<double>(slot + 1) * kStep_s);
      window_.push_back(value);
    });
    const double begin = cpu_s();
    const detect::Verdict verdict = ensemble_.judge({times_s_, window_, times_s_.back()}, scratch_);
    straight_s += cpu_s() - begin;
    return decide(watched) == verdict.alarming;
  }

  [[nodiscard]] std::size_t size() const { return series_.size(); }
  [[nodiscard]] double bytes_in_use() const { return static_cast<double>(arena_.bytes_in_use()); }

 private:
  [[nodiscard]] series::HistoryView view(const Watched& watched) const {
    return {pool_, watched.history};
  }
  void append_to(std::size_t i) {
    const double value = values_[i % values_.size()][static_cast<std::size_t>(next_)];
    (void)pool_.append(series_[i].history, kFirstSlot + next_, value);
  }
  bool decide(Watched& watched) {
    const series::HistoryView history = view(watched);
    watched.running.catch_up(history);
    reader_.open(history);
    return running_.decide(watched.running.state(), reader_, scratch_);
  }

  const std::vector<std::vector<double>>& values_;
  series::Arena arena_{series::Arena::kMaxCapBytes};
  series::HistoryPool pool_{arena_, {kStep_s, kSlots}};
  std::vector<Watched> series_;
  std::int64_t next_ = 0;
  detect::Ensemble ensemble_;
  detect::RunningEnsemble running_{ensemble_};
  app::HistoryReader reader_{kStep_s};
  Scratch scratch_;
  std::vector<double> times_s_;
  std::vector<double> window_;
};

// A row of the table; false: a decision differed.
bool measure(const char* name, bool eventful, std::size_t series, std::size_t ticks,
             std::size_t different) {
  const auto values = make_series(eventful, kSlots + ticks, different);
  Fleet fleet(series, values);
  for (std::size_t k = 0; k < kSlots; ++k) fleet.append();
  fleet.catch_up();
  std::vector<double> each_us;
  std::size_t alarms = 0;
  std::size_t wrong = 0;
  std::size_t asked = 0;
  double straight_s = 0;
  for (std::size_t k = 0; k < ticks; ++k) {
    const double begin = cpu_s();
    alarms += fleet.tick();
    each_us.push_back((cpu_s() - begin) * 1e6 / static_cast<double>(series));
    for (std::size_t i = k; i < std::min(series, different); i += 17, ++asked) {
      wrong += !fleet.agrees(i, straight_s);
    }
  }
  std::sort(each_us.begin(), each_us.end());
  const double median = each_us[ticks / 2];
  const double straight_us = straight_s * 1e6 / static_cast<double>(asked);
  std::printf(
      "| %s | %zu | %.3f (%.3f-%.3f) | %.2f %% | %.0f | %.0fx | %zu of %zu | %.2f | %.0f |\n", name,
      series, median, each_us.front(), each_us.back(),
      100.0 * static_cast<double>(alarms) / static_cast<double>(series * ticks), straight_us,
      straight_us / median, asked - wrong, asked,
      fleet.bytes_in_use() / (static_cast<double>(series) * kSlots), resident_mib());
  std::fflush(stdout);
  return wrong == 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App command{"What a point costs a watched series"};
  std::size_t series = 250'000;
  std::size_t ticks = 60;
  bool quick = false;
  command.add_option("--series", series)->check(CLI::Range(1, 1'000'000));
  command.add_option("--ticks", ticks)->check(CLI::Range(1, 10'000));
  command.add_flag("--quick", quick, "Few of both: only whether the decisions are right");
  CLI11_PARSE(command, argc, argv);
  if (quick) {
    series = 30;
    ticks = 20;
  }
  std::printf(
      "| series | count | us a point: median of ticks (min-max) | alarms | straight, us | ratio | "
      "same decision | bytes a point | resident MiB |\n|---|---|---|---|---|---|---|---|---|\n");
  const std::size_t different = quick ? 30 : 360;
  const bool calm = measure("calm", false, series, ticks, different);
  const bool eventful = measure("eventful", true, series, ticks, different);
  return calm && eventful ? 0 : 1;
}
