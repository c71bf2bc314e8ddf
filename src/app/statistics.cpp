#include "src/app/statistics.hpp"

#include <limits>

#include "ingest/statsd/flush_names.hpp"

namespace tocsin::app {

StatisticNames::StatisticNames(const std::vector<double>& percentiles)
    : percentiles_(percentiles), counter_{"rate"} {
  timer_ = {"count", "count_ps", "lower", "upper", "sum", "sum_squares", "mean", "median", "std"};
  for (const double percentile : percentiles_) {
    const std::string suffix = statsd::threshold_suffix(percentile);
    const std::string boundary = percentile > 0 ? "upper_" : "lower_";
    for (const std::string& name : {std::string("count_"), std::string("mean_"), boundary,
                                    std::string("sum_"), std::string("sum_squares_")}) {
      timer_.push_back(name + suffix);
    }
  }
}

const std::vector<std::string>& StatisticNames::of(SeriesKind kind) const {
  switch (kind) {
    case SeriesKind::kCounter:
      return counter_;
    case SeriesKind::kTimer:
    case SeriesKind::kHistogram:
    case SeriesKind::kDistribution:
      return timer_;
    case SeriesKind::kGauge:
    case SeriesKind::kSet:
    case SeriesKind::kEvent:
      break;
  }
  return none_;
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
