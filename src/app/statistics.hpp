// The statistics of a closed window, by name: what a flush tells besides the main value.
#pragma once

#include <string>
#include <vector>

#include "src/publish/records.hpp"
#include "src/series/series_table.hpp"
#include "tocsin/identity.hpp"

namespace tocsin::app {

// The statistics that windows of one kind have, in a fixed order, under the names that follow a
// series' own (docs/formats/statsd.md): "rate", "count", "upper_90", ...
class StatisticNames {
 public:
  explicit StatisticNames(const std::vector<double>& percentiles);

  // Without the main value, which goes by the name of the series alone.
  [[nodiscard]] const std::vector<std::string>& of(SeriesKind kind) const;

  // The figures of one window, in the order of of(kind): empty for an idle timer. Thresholds that
  // selected no value are NaN.
  void figures(const series::ClosedWindow& window, double step_s, std::vector<double>& out) const;

 private:
  std::vector<double> percentiles_;
  std::vector<std::string> counter_;
  std::vector<std::string> timer_;
  std::vector<std::string> none_;
};

}  // namespace tocsin::app
