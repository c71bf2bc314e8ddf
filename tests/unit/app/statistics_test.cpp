#include "src/app/statistics.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace tocsin::app {
namespace {

using Names = std::vector<std::string>;

TEST_CASE("statistics have statsd's names") {
  const StatisticNames names({90, -5, 99.9});
  CHECK(names.of(SeriesKind::kCounter) == Names{"rate"});
  CHECK(names.of(SeriesKind::kGauge).empty());
  CHECK(names.of(SeriesKind::kSet).empty());
  CHECK(names.of(SeriesKind::kEvent).empty());
  const Names& timer = names.of(SeriesKind::kTimer);
  CHECK(timer == names.of(SeriesKind::kHistogram));
  CHECK(timer == names.of(SeriesKind::kDistribution));
  REQUIRE(timer.size() == 9 + 3 * 5);
  CHECK(Names(timer.begin(), timer.begin() + 14) ==
        Names{"count", "count_ps", "lower", "upper", "sum", "sum_squares", "mean", "median", "std",
              "count_90", "mean_90", "upper_90", "sum_90", "sum_squares_90"});
  CHECK(timer[16] == "lower_top5");
  CHECK(timer[21] == "upper_99_9");
}

TEST_CASE("figures stand in the order of the names") {
  const StatisticNames names({90, 50});
  series::ClosedWindow window{0, SeriesKind::kCounter, false, 1, 30.0, nullptr};
  std::vector<double> figures;
  names.figures(window, 10, figures);
  CHECK(figures == std::vector<double>{3});

  series::TimerSummary summary;
  summary.count = 4;
  summary.median = 7;
  summary.thresholds = {{50, 2, 3, 4, 5, 6}};  // 90 selected nothing
  window.kind = SeriesKind::kTimer;
  window.summary = &summary;
  names.figures(window, 10, figures);
  REQUIRE(figures.size() == names.of(SeriesKind::kTimer).size());
  CHECK(figures[0] == 4);
  CHECK(figures[7] == 7);
  for (std::size_t i = 9; i < 14; ++i) CHECK(std::isnan(figures[i]));
  CHECK(std::vector<double>(figures.begin() + 14, figures.end()) ==
        std::vector<double>{2, 3, 4, 5, 6});

  window.summary = nullptr;
  names.figures(window, 10, figures);
  CHECK(figures.empty());
}

using Told = std::vector<ToldStatistic>;

Identity named(SeriesKind kind, std::string service) {
  Identity identity;
  identity.kind = kind;
  identity.service = std::move(service);
  return identity;
}

TEST_CASE("results name statistics as the naming style says") {
  const Identity counter = named(SeriesKind::kCounter, "orders");
  const Identity gauge = named(SeriesKind::kGauge, "depth");
  const Identity set = named(SeriesKind::kSet, "users");
  const double rate[] = {3};
  const auto told = [](const StatisticNames& names, const Identity& identity,
                       std::span<const double> figures) {
    Told out;
    names.tell(identity, 30, figures, out);
    return out;
  };
  const StatisticNames plain({90});
  CHECK(told(plain, counter, rate) == Told{{"value", 30}, {"rate", 3}});
  CHECK(told(plain, gauge, {}) == Told{{"value", 30}});
  const StatisticNames legacy({90}, statsd::NamingStyle::kLegacy);
  CHECK(told(legacy, counter, rate) == Told{{"stats_counts.orders", 30}, {"stats.orders", 3}});
  CHECK(told(legacy, gauge, {}) == Told{{"stats.gauges.depth", 30}});
  CHECK(told(legacy, set, {}) == Told{{"stats.sets.users.count", 30}});
  const StatisticNames current({90}, statsd::NamingStyle::kCurrent);
  CHECK(told(current, counter, rate) ==
        Told{{"stats.counters.orders.count", 30}, {"stats.counters.orders.rate", 3}});
}

TEST_CASE("a timer's figures that are not numbers are not told, and its mean only once") {
  const StatisticNames names({90}, statsd::NamingStyle::kCurrent);
  const double nothing = std::nan("");
  const std::vector<double> figures{1, 2, 3, 4, 5, 6, 7, 8, 9, nothing, nothing, 10, 11, 12};
  Told out;
  names.tell(named(SeriesKind::kTimer, "wait"), 7, figures, out);
  REQUIRE(out.size() == 12);
  CHECK(out[0] == ToldStatistic{"stats.timers.wait.count", 1});
  CHECK(out[6] == ToldStatistic{"stats.timers.wait.mean", 7});
  CHECK(out[9] == ToldStatistic{"stats.timers.wait.upper_90", 10});
}

}  // namespace
}  // namespace tocsin::app
