#include "src/app/statistics.hpp"

#include <cmath>
#include <limits>

namespace tocsin::app {
namespace {

using statsd::NamingStyle;
using statsd::Statistic;
using What = Statistic::What;

bool is_distribution(SeriesKind kind) noexcept {
  return kind == SeriesKind::kTimer || kind == SeriesKind::kHistogram ||
         kind == SeriesKind::kDistribution;
}

}  // namespace

StatisticNames::StatisticNames(const std::vector<double>& percentiles, NamingStyle style)
    : percentiles_(percentiles), style_(style), flush_names_(style) {
  counter_.statistics = {{What::kRate}};
  timer_.statistics = {{What::kCount}, {What::kRate},   {What::kLower},
                       {What::kUpper}, {What::kSum},    {What::kSumSquares},
                       {What::kMean},  {What::kMedian}, {What::kStd}};
  for (const double percentile : percentiles_) {
    const What boundary = percentile > 0 ? What::kUpper : What::kLower;
    for (const What what : {What::kCount, What::kMean, boundary, What::kSum, What::kSumSquares}) {
      timer_.statistics.push_back({what, percentile});
    }
  }
  for (const Statistic& statistic : counter_.statistics) {
    counter_.names.push_back(statsd::statistic_suffix(SeriesKind::kCounter, statistic));
  }
  for (const Statistic& statistic : timer_.statistics) {
    timer_.names.push_back(statsd::statistic_suffix(SeriesKind::kTimer, statistic));
  }
}

const StatisticNames::OfKind& StatisticNames::of_kind(SeriesKind kind) const {
  if (kind == SeriesKind::kCounter) return counter_;
  return is_distribution(kind) ? timer_ : none_;
}

void StatisticNames::tell(const Identity& identity, double value, std::span<const double> figures,
                          std::vector<ToldStatistic>& out) const {
  if (style_ == NamingStyle::kPlain) {
    out.push_back({"value", value});
  } else if (!is_distribution(identity.kind)) {
    const bool counts = identity.kind == SeriesKind::kCounter || identity.kind == SeriesKind::kSet;
    tell(identity, {counts ? What::kCount : What::kValue}, value, out);
  }
  const std::vector<Statistic>& statistics = of_kind(identity.kind).statistics;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    if (std::isfinite(figures[i])) tell(identity, statistics[i], figures[i], out);
  }
}

void StatisticNames::tell(const Identity& identity, const Statistic& statistic, double value,
                          std::vector<ToldStatistic>& out) const {
  out.push_back({style_ == NamingStyle::kPlain ? statsd::statistic_suffix(identity.kind, statistic)
                                               : flush_names_.name(identity, statistic),
                 value});
}

void StatisticNames::figures(const series::ClosedWindow& window, double step_s,
                             std::vector<double>& out) const {
  out.clear();
  if (window.kind == SeriesKind::kCounter && window.value) {
    out.push_back(*window.value / step_s);
  } else if (window.summary != nullptr) {
    const series::TimerSummary& s = *window.summary;
    out = {s.count, s.count_ps, s.lower, s.upper, s.sum, s.sum_squares, s.mean, s.median, s.std};
    std::size_t next = 0;
    for (const double percentile : percentiles_) {
      if (next < s.thresholds.size() && s.thresholds[next].threshold == percentile) {
        const series::ThresholdSummary& t = s.thresholds[next++];
        out.insert(out.end(), {t.count, t.mean, t.boundary, t.sum, t.sum_squares});
      } else {
        out.insert(out.end(), 5, std::numeric_limits<double>::quiet_NaN());
      }
    }
  }
}

}  // namespace tocsin::app
