#include "ingest/statsd/flush_names.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace tocsin::statsd {
namespace {

using What = Statistic::What;

Identity series(SeriesKind kind, std::string name, std::vector<Attribute> attributes = {}) {
  Identity identity;
  identity.kind = kind;
  identity.service = std::move(name);
  identity.attributes = std::move(attributes);
  return identity;
}

const Identity kCounter = series(SeriesKind::kCounter, "K");
const Identity kGauge = series(SeriesKind::kGauge, "K");
const Identity kTimer = series(SeriesKind::kTimer, "K");
const Identity kSet = series(SeriesKind::kSet, "K");

TEST_CASE("each style names each kind in its way") {
  struct Case {
    const Identity& identity;
    Statistic statistic;
    const char* plain;
    const char* legacy;
    const char* current;
  };
  const Case cases[] = {
      {kCounter, {What::kCount}, "K", "stats_counts.K", "stats.counters.K.count"},
      {kCounter, {What::kRate}, "K.rate", "stats.K", "stats.counters.K.rate"},
      {kGauge, {What::kValue}, "K", "stats.gauges.K", "stats.gauges.K"},
      {kSet, {What::kCount}, "K", "stats.sets.K.count", "stats.sets.K.count"},
      {kTimer, {What::kMean}, "K", "stats.timers.K.mean", "stats.timers.K.mean"},
      {kTimer, {What::kRate}, "K.count_ps", "stats.timers.K.count_ps", "stats.timers.K.count_ps"},
      {kTimer,
       {What::kUpper, 90},
       "K.upper_90",
       "stats.timers.K.upper_90",
       "stats.timers.K.upper_90"},
      {kTimer,
       {What::kPercentile, 99.9},
       "K.p99_9",
       "stats.timers.K.p99_9",
       "stats.timers.K.p99_9"},
      {kTimer, {What::kMean, 90}, "K.mean_90", "stats.timers.K.mean_90", "stats.timers.K.mean_90"},
  };
  for (const Case& expected : cases) {
    CAPTURE(expected.plain);
    CHECK(FlushNames(NamingStyle::kPlain).name(expected.identity, expected.statistic) ==
          expected.plain);
    CHECK(FlushNames(NamingStyle::kLegacy).name(expected.identity, expected.statistic) ==
          expected.legacy);
    CHECK(FlushNames(NamingStyle::kCurrent).name(expected.identity, expected.statistic) ==
          expected.current);
  }
}

TEST_CASE("thresholds and bins are written without a point") {
  CHECK(threshold_suffix(90) == "90");
  CHECK(threshold_suffix(99.9) == "99_9");
  CHECK(threshold_suffix(-10) == "top10");
  CHECK(threshold_suffix(-0.5) == "top0_5");
  CHECK(statistic_suffix(SeriesKind::kTimer, {What::kSumSquares, 99.9}) == "sum_squares_99_9");
  CHECK(statistic_suffix(SeriesKind::kTimer, {What::kLower, -10}) == "lower_top10");
  CHECK(statistic_suffix(SeriesKind::kTimer, {What::kBin, 0.5}) == "histogram.bin_0_5");
  CHECK(statistic_suffix(SeriesKind::kTimer, {What::kBin, INFINITY}) == "histogram.bin_inf");
}

TEST_CASE("tags stand at the very end of a Graphite name, fit for a Graphite line") {
  Identity identity =
      series(SeriesKind::kTimer, "K", {{"env", "prod"}, {"path", "/a b;c"}, {"x", ""}});
  identity.tags = {"canary"};
  identity.host = "web-1";
  CHECK(FlushNames(NamingStyle::kLegacy).name(identity, {What::kUpper, 90}) ==
        "stats.timers.K.upper_90;env=prod;path=-a_bc;canary=true;host=web-1");
  CHECK(FlushNames(NamingStyle::kCurrent, "web-1").name(identity, {What::kUpper, 90}) ==
        "stats.timers.K.upper_90;env=prod;path=-a_bc;canary=true");
  CHECK(FlushNames(NamingStyle::kPlain).name(identity, {What::kUpper, 90}) == "K.upper_90");
}

// The names of one timer: five statistics for each threshold, then those of all values.
std::vector<Statistic> timer_statistics(const std::vector<double>& thresholds) {
  std::vector<Statistic> all;
  for (const double threshold : thresholds) {
    for (const What what : {What::kCount, What::kMean, What::kSum, What::kSumSquares}) {
      all.push_back({what, threshold});
    }
    all.push_back({threshold < 0 ? What::kLower : What::kUpper, threshold});
  }
  for (const What what : {What::kStd, What::kUpper, What::kLower, What::kCount, What::kRate,
                          What::kSum, What::kSumSquares, What::kMean, What::kMedian}) {
    all.push_back({what});
  }
  return all;
}

TEST_CASE("the legacy style gives the names of Etsy's own flush") {
  std::set<std::string> expected;
  std::ifstream file(TOCSIN_TEST_DATA "/statsd/graphite_legacy.txt");
  REQUIRE(file.is_open());
  for (std::string line; std::getline(file, line);) {
    const std::string name = line.substr(0, line.find(' '));
    if (name.find("stats.statsd.") == 0) continue;         // the server's own bookkeeping,
    if (name.find("stats_counts.statsd.") == 0) continue;  // which Tocsin has its own metrics for
    expected.insert(name);
  }
  REQUIRE(expected.size() > 70);

  const FlushNames names(NamingStyle::kLegacy);
  std::set<std::string> actual = {names.series_count_name()};
  for (const char* key : {"weird_key-with_slash", "multi", "unknown", "dist", "hist", "meter",
                          "windows", "crlf", "crlf2", "mlA"}) {
    for (const What what : {What::kCount, What::kRate}) {
      actual.insert(names.name(series(SeriesKind::kCounter, key), {what}));
    }
  }
  // Etsy keeps tags in the order in which they were sent: env before az.
  for (const char* folder : {"stats.", "stats_counts."}) {
    expected.erase(std::string(folder) + "tagged;env=prod;az=a");
    expected.insert(std::string(folder) + "tagged;az=a;env=prod");
  }
  const Identity tagged = series(SeriesKind::kCounter, "tagged", {{"az", "a"}, {"env", "prod"}});
  actual.insert(names.name(tagged, {What::kCount}));
  actual.insert(names.name(tagged, {What::kRate}));
  for (const Statistic& statistic : timer_statistics({90, 99})) {
    actual.insert(names.name(series(SeriesKind::kTimer, "glork"), statistic));
  }
  for (const Statistic& statistic : timer_statistics({90, 99, -10})) {
    actual.insert(names.name(series(SeriesKind::kTimer, "multi"), statistic));
    actual.insert(names.name(series(SeriesKind::kTimer, "tagged2", {{"env", "prod"}}), statistic));
  }
  for (const char* key : {"gaugor", "gneg", "gzero", "ghex", "gexp", "ginf", "gspace", "mlB"}) {
    actual.insert(names.name(series(SeriesKind::kGauge, key), {What::kValue}));
  }
  actual.insert(names.name(series(SeriesKind::kSet, "uniques"), {What::kCount}));
  CHECK(actual == expected);
}

}  // namespace
}  // namespace tocsin::statsd
