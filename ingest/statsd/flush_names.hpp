// The names under which the statistics of a window are sent on.
//   style     counter                          gauge           timer                    set
//   plain     K (count), K.rate                K               K (mean), K.upper_90     K (count)
//   legacy    stats_counts.K, stats.K (rate)   stats.gauges.K  stats.timers.K.upper_90
//   stats.sets.K.count current   stats.counters.K.count, .rate    stats.gauges.K
//   stats.timers.K.upper_90  stats.sets.K.count
// Histograms and distributions are named as timers are. The two Graphite styles end in the series'
// tags, `;k=v` in order of their keys; with plain names tags travel beside the name.
// Source:  the Graphite backend of statsd (read 2026). Departures: bare tags become `;tag=true`,
//          because carbon refuses a tag without a value; tags are sorted, as Graphite stores them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tocsin/identity.hpp"

namespace tocsin::statsd {

enum class NamingStyle : std::uint8_t { kPlain, kLegacy, kCurrent };

// What is told of a window.
struct Statistic {
  enum class What : std::uint8_t {
    kValue,  // gauge: its value; events: their metric
    kCount,  // counter: the sum; timer: observations by weight; set: distinct members
    kRate,   // kCount per second: `rate` of a counter, `count_ps` of a timer
    kLower,
    kUpper,
    kSum,
    kSumSquares,
    kMean,
    kMedian,
    kStd,
    kPercentile,  // below which lie `threshold` percent of the observations
    kBin,         // observations below `threshold`, above the bin before
  };
  What what = What::kValue;
  // kBin: the upper bound, may be infinite. Count, bounds, sums and mean: only of the lowest
  // `threshold` percent, or of the top -threshold percent when negative; the bound that is told is
  // then the upper or the lower one, whichever of kUpper and kLower was asked for.
  std::optional<double> threshold = std::nullopt;
};

// "90" -> "90", 99.9 -> "99_9", -10 -> "top10".
[[nodiscard]] std::string threshold_suffix(double threshold);

// "upper_90", "lower_top10", "count_ps", "histogram.bin_0_5": what stands behind a key.
[[nodiscard]] std::string statistic_suffix(SeriesKind kind, const Statistic& statistic);

class FlushNames {
 public:
  // `default_host`: series of another host get the tag `;host=`; the tag is noise for all others.
  explicit FlushNames(NamingStyle style, std::string default_host = {});

  [[nodiscard]] std::string name(const Identity& identity, const Statistic& statistic) const;
  // Under which the number of flushed series is told: "statsd.numStats" in the legacy style.
  [[nodiscard]] std::string series_count_name() const;

 private:
  [[nodiscard]] std::string graphite_tags(const Identity& identity) const;

  NamingStyle style_;
  std::string default_host_;
};

}  // namespace tocsin::statsd
