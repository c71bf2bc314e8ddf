// What a window of a timer adds up to: timer_summary.cpp, declared in distribution.hpp.
#include <doctest/doctest.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "src/series/distribution.hpp"

namespace tocsin::series {
namespace {

constexpr std::size_t kRoom = 16 << 20;

using Statistics = std::map<std::string, double>;

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" '");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" ',") - begin + 1);
}

// The first `timer_data` block that the reference printed: timer name to its statistics.
std::map<std::string, Statistics> reference_timers() {
  std::ifstream console(TOCSIN_TEST_DATA "/statsd/reference_console.txt");
  std::map<std::string, Statistics> timers;
  std::string line;
  while (std::getline(console, line) && line != "  timer_data: {") {
  }
  while (std::getline(console, line) && line != "  },") {
    const std::string name = trimmed(line.substr(0, line.rfind(':')));
    while (std::getline(console, line) && line.substr(0, 5) != "    }") {
      const std::size_t colon = line.rfind(':');
      const std::string number = trimmed(line.substr(colon + 1));
      double value = 0;
      std::from_chars(number.data(), number.data() + number.size(), value);
      timers[name][trimmed(line.substr(0, colon))] = value;
    }
  }
  return timers;
}

// Our summary under the reference's names.
Statistics named(const TimerSummary& summary) {
  Statistics all = {{"count", summary.count}, {"count_ps", summary.count_ps},
                    {"lower", summary.lower}, {"upper", summary.upper},
                    {"sum", summary.sum},     {"sum_squares", summary.sum_squares},
                    {"mean", summary.mean},   {"median", summary.median},
                    {"std", summary.std}};
  for (const ThresholdSummary& part : summary.thresholds) {
    const bool top = part.threshold <= 0;
    const std::string suffix =
        (top ? "_top" : "_") + std::to_string(static_cast<int>(std::abs(part.threshold)));
    all["count" + suffix] = part.count;
    all["mean" + suffix] = part.mean;
    all[(top ? "lower" : "upper") + suffix] = part.boundary;
    all["sum" + suffix] = part.sum;
    all["sum_squares" + suffix] = part.sum_squares;
  }
  return all;
}

TimerSummary summary_of(const std::vector<double>& values, const std::vector<double>& thresholds) {
  Arena arena(kRoom);
  DistributionPool pool(arena, 0.01);
  Distribution window;
  for (const double value : values) REQUIRE(pool.add(window, value, 1));
  TimerSummary summary;
  pool.summarise(window, thresholds, 1, summary);
  return summary;
}

TEST_CASE("the reference's flush statistics are met to the last bit") {
  struct Sample {
    const char* timer;
    double value;
    double rate;
  };
  // What reference_lines.txt sent in that flush.
  const Sample samples[] = {{"glork", 320, 1},  {"glork", 10, 0.1},           {"glork", 3, 1},
                            {"glork", 7.25, 1}, {"tagged2;env=prod", 5, 0.5}, {"multi", 3, 1}};
  const double thresholds[] = {90, 99, -10};
  const auto expected = reference_timers();
  REQUIRE(expected.size() == 3);
  Arena arena(kRoom);
  DistributionPool pool(arena, DdSketch::kDefaultRelativeError);
  for (const auto& one : expected) {
    const std::string& timer = one.first;
    const Statistics& statistics = one.second;
    CAPTURE(timer);
    Distribution window;
    for (const Sample& sample : samples) {
      if (sample.timer == timer) REQUIRE(pool.add(window, sample.value, 1 / sample.rate));
    }
    TimerSummary summary;
    pool.summarise(window, thresholds, 3, summary);
    CHECK(named(summary) == statistics);
  }
}

TEST_CASE("a threshold selects round-half-up of its share, and is left out when that is none") {
  Arena arena(kRoom);
  DistributionPool pool(arena, 0.01);
  Distribution window;
  for (int value = 1; value <= 10; ++value) REQUIRE(pool.add(window, value, 1));
  TimerSummary summary;
  const double thresholds[] = {4, 5, 25, 100, -5, -25, -100, 200, 99.5, 0};
  pool.summarise(window, thresholds, 10, summary);
  std::map<double, ThresholdSummary> by_threshold;
  for (const ThresholdSummary& part : summary.thresholds) by_threshold[part.threshold] = part;
  CHECK(by_threshold.count(4) == 0);  // 0.4 of a value
  CHECK(by_threshold.count(0) == 0);
  CHECK(by_threshold[5].count == 1);  // 0.5 rounds up
  CHECK(by_threshold[25].count == 3);
  CHECK(by_threshold[25].boundary == 3);
  CHECK(by_threshold[25].sum == 6);
  CHECK(by_threshold[25].sum_squares == 14);
  CHECK(by_threshold[25].mean == 2);
  CHECK(by_threshold[-25].boundary == 8);
  CHECK(by_threshold[-25].sum == 27);
  CHECK(by_threshold[-5].boundary == 10);
  CHECK(by_threshold[100].sum == 55);
  CHECK(by_threshold[-100].sum == 55);
  CHECK(by_threshold[-100].boundary == 1);
  CHECK(by_threshold[200].count == 10);  // never more than there are
  CHECK(by_threshold[99.5].count == 10);
}

TEST_CASE("a lone value serves every threshold, even one that would select less than half of it") {
  const TimerSummary summary = summary_of({7}, {1, 90, -1});
  REQUIRE(summary.thresholds.size() == 3);
  for (const ThresholdSummary& part : summary.thresholds) {
    CHECK(part.count == 1);
    CHECK(part.boundary == 7);
    CHECK(part.sum == 7);
    CHECK(part.sum_squares == 49);
  }
  CHECK(summary.median == 7);
  CHECK(summary.std == 0);
}

TEST_CASE("just below half of a value is none") {
  // 10 values: 0.49999999999999994 of one, which floor(x + 0.5) rounds up.
  const std::vector<double> ten(10, 1);
  CHECK(summary_of(ten, {4.9999999999999994}).thresholds.empty());
  CHECK(summary_of(ten, {5}).thresholds.size() == 1);
}

TEST_CASE("a threshold that is no number selects nothing") {
  CHECK(summary_of({1, 2, 3}, {std::numeric_limits<double>::quiet_NaN()}).thresholds.empty());
}

TEST_CASE("negative values count as they are") {
  const TimerSummary summary = summary_of({-1, -4, -2, -3}, {50, -50});
  CHECK(summary.lower == -4);
  CHECK(summary.upper == -1);
  CHECK(summary.median == -2.5);
  REQUIRE(summary.thresholds.size() == 2);
  CHECK(summary.thresholds[0].boundary == -3);
  CHECK(summary.thresholds[0].sum == -7);
  CHECK(summary.thresholds[1].boundary == -2);
  CHECK(summary.thresholds[1].sum == -3);
}

TEST_CASE("a threshold of everything is exact even from a sketch") {
  std::vector<double> values;
  for (int i = 1; i <= 1000; ++i) values.push_back(i);
  const TimerSummary summary = summary_of(values, {100, -100});
  REQUIRE(summary.thresholds.size() == 2);
  for (const ThresholdSummary& part : summary.thresholds) {
    CHECK(part.count == 1000);
    CHECK(part.sum == 500'500);
    CHECK(part.sum_squares == 333'833'500);
  }
  CHECK(summary.thresholds[0].boundary == 1000);
  CHECK(summary.thresholds[1].boundary == 1);
}

TEST_CASE("equal values have no deviation but what the rounding of their mean leaves") {
  for (const std::size_t count : {3u, 256u, 1000u}) {
    CAPTURE(count);
    CHECK(summary_of(std::vector<double>(count, 2.5), {}).std == 0);
    const TimerSummary large = summary_of(std::vector<double>(count, 1e9 + 0.1), {});
    CHECK(large.std <= 1e-14 * 1e9);
    CHECK(large.median == doctest::Approx(1e9 + 0.1).epsilon(1e-15));
  }
}

TEST_CASE("a threshold that cuts a bucket of a sketch takes the part of it that it needs") {
  std::vector<double> values(600, 1);
  values.insert(values.end(), 400, 100);
  const TimerSummary summary = summary_of(values, {50, 70, -50});
  REQUIRE(summary.thresholds.size() == 3);
  CHECK(summary.thresholds[0].sum == doctest::Approx(500).epsilon(0.01));
  CHECK(summary.thresholds[1].sum == doctest::Approx(600 + 100 * 100).epsilon(0.01));
  CHECK(summary.thresholds[1].boundary == doctest::Approx(100).epsilon(0.01));
  CHECK(summary.thresholds[2].sum == doctest::Approx(400 * 100 + 100).epsilon(0.01));
  CHECK(summary.thresholds[2].boundary == doctest::Approx(1).epsilon(0.01));
}

TEST_CASE("a summary that is used again keeps nothing of the window before") {
  Arena arena(kRoom);
  DistributionPool pool(arena, 0.01);
  Distribution window;
  TimerSummary summary;
  const double thresholds[] = {90, -10};
  for (const double value : {1, 2, 3}) REQUIRE(pool.add(window, value, 4));
  pool.summarise(window, thresholds, 10, summary);
  CHECK(summary.count == 12);
  CHECK(summary.count_ps == 1.2);
  CHECK(summary.thresholds.size() == 1);  // a tenth of three is none
  pool.clear(window);
  REQUIRE(pool.add(window, 5, 1));
  pool.summarise(window, thresholds, 10, summary);
  CHECK(summary.values == 1);
  CHECK(summary.thresholds.size() == 2);
  CHECK(summary.sum == 5);
}

}  // namespace
}  // namespace tocsin::series
