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

}  // namespace
}  // namespace tocsin::app
