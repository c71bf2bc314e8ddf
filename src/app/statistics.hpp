// The statistics of a closed window, by name: what a flush tells besides the main value.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ingest/statsd/flush_names.hpp"
#include "src/series/series_table.hpp"
#include "tocsin/identity.hpp"

namespace tocsin::app {

// One figure of a window, as a result tells it.
struct ToldStatistic {
  std::string name;
  double value = 0;

  friend bool operator==(const ToldStatistic&, const ToldStatistic&) = default;
};

// The statistics that windows of one kind have, in a fixed order, under the names that follow a
// series' own (docs/formats/statsd.md): "rate", "count", "upper_90", ...
class StatisticNames {
 public:
  // `style`: how results name them; series that are derived have plain names in any case.
  explicit StatisticNames(const std::vector<double>& percentiles,
                          statsd::NamingStyle style = statsd::NamingStyle::kPlain);

  // Without the main value, which goes by the name of the series alone.
  [[nodiscard]] const std::vector<std::string>& of(SeriesKind kind) const {
    return of_kind(kind).names;
  }

  // The figures of one window, in the order of of(kind): empty for an idle timer. Thresholds that
  // selected no value are NaN.
  void figures(const series::ClosedWindow& window, double step_s, std::vector<double>& out) const;

  // Appends what a result says of a window: its value, then all `figures` that are numbers. Plain
  // names are "value" and those of of(kind). The Graphite styles have whole names and tell a
  // timer's value once, as its mean.
  void tell(const Identity& identity, double value, std::span<const double> figures,
            std::vector<ToldStatistic>& out) const;
  // The same for one statistic that is not among of(kind).
  void tell(const Identity& identity, const statsd::Statistic& statistic, double value,
            std::vector<ToldStatistic>& out) const;

 private:
  struct OfKind {
    std::vector<statsd::Statistic> statistics;
    std::vector<std::string> names;
  };
  [[nodiscard]] const OfKind& of_kind(SeriesKind kind) const;

  std::vector<double> percentiles_;
  statsd::NamingStyle style_;
  statsd::FlushNames flush_names_;
  OfKind counter_;
  OfKind timer_;
  OfKind none_;
};

}  // namespace tocsin::app
