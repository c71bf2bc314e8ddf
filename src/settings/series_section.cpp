// `series` and `statsd`: what a series remembers and how its windows are named.
#include <algorithm>
#include <chrono>
#include <limits>
#include <string>
#include <utility>

#include "src/settings/reader.hpp"
#include "src/settings/sections.hpp"
#include "src/settings/setting_words.hpp"

namespace tocsin::settings {
namespace {

using namespace std::chrono_literals;

constexpr Duration kYear = 366 * 24h;
constexpr std::int64_t kMaxPoints = 1'000'000;  // of one series
// A router numbers up to four spellings for each of them, in 26 bits (pipeline/router.hpp).
constexpr std::uint32_t kMaxSeries = 16'000'000;
// Of a shard: one is the announcement that others were refused.
constexpr std::uint32_t kMinSeriesPerShard = 2;
// Of a shard: memory is taken in pieces of this size (series/arena.hpp).
constexpr std::uint64_t kMinBytesPerShard = std::uint64_t{1} << 20;

// Fewer windows than this and a series would expire between two ordinary points.
constexpr int kMinWindowsPerTtl = 3;

void read_ttls(const Node& node, Duration interval, SeriesTtl& ttl, Complaints& complaints) {
  MapReader map(node, complaints);
  const std::pair<const char*, Duration&> fields[] = {{"counter", ttl.counter},
                                                      {"gauge", ttl.gauge},
                                                      {"timer", ttl.timer},
                                                      {"set", ttl.set},
                                                      {"event", ttl.event}};
  for (const auto& [key, value] : fields) {
    map.duration(key, value, kMinWindowsPerTtl * interval, kYear);
  }
  map.finish();
}

void read_percentiles(const NodePtr& node, std::vector<double>& percentiles,
                      Complaints& complaints) {
  constexpr std::string_view kExpected = "a percentile above -100, at most 100 and not 0";
  if (node->kind != Node::Kind::kList && node->kind != Node::Kind::kScalar) {
    complain(*node, "a list of percentiles such as [90, 99] ([] for none)", complaints);
    return;
  }
  percentiles.clear();
  for (const NodePtr& item : read_list(node, kExpected, complaints)) {
    const std::string* text = read_text(*item, kExpected, complaints);
    if (text == nullptr) continue;
    const Result<double> value = parse_real(*text);
    if (!value || *value <= -100 || *value > 100 || *value == 0) {
      complain(*item, kExpected, complaints, value ? Errc::kRange : Errc::kSyntax);
    } else if (std::find(percentiles.begin(), percentiles.end(), *value) != percentiles.end()) {
      complain(*item, "each percentile once", complaints, Errc::kDuplicate);
    } else {
      percentiles.push_back(*value);
    }
  }
}

// One bound of a bin; the last may be infinity.
bool read_bound(const Node& item, double& bound, Complaints& complaints) {
  constexpr std::string_view kExpected = "a number or .inf";
  const std::string* text = read_text(item, kExpected, complaints);
  if (text == nullptr) return false;
  if (*text == ".inf" || *text == "inf") {
    bound = std::numeric_limits<double>::infinity();
    return true;
  }
  const Result<double> value = parse_real(*text);
  if (!value) {
    complain(item, kExpected, complaints);
    return false;
  }
  bound = *value;
  return true;
}

void read_bins(const Node& node, HistogramBins& bins, Complaints& complaints) {
  MapReader map(node, complaints);
  map.text_or_empty("metric", bins.metric);
  const NodePtr* list = map.require("bins", "a list of ascending bounds");
  if (list != nullptr) {
    if ((*list)->kind != Node::Kind::kList || (*list)->items.empty()) {
      complain(**list, "a list of ascending bounds", complaints);
    }
    for (const NodePtr& item : (*list)->items) {
      double bound = 0;
      if (!read_bound(*item, bound, complaints)) continue;
      if (!bins.bounds.empty() && bound <= bins.bounds.back()) {
        complain(*item, "a bound above the one before", complaints, Errc::kRange);
      } else {
        bins.bounds.push_back(bound);
      }
    }
  }
  map.finish();
}

void read_histogram(const NodePtr& node, std::vector<HistogramBins>& histogram,
                    Complaints& complaints) {
  if (node->kind == Node::Kind::kScalar && node->text() == "none") {
    histogram.clear();
    return;
  }
  if (node->kind != Node::Kind::kList) {
    complain(*node, "none or a list of {metric: TEXT, bins: [NUMBER, ...]}", complaints);
    return;
  }
  histogram.clear();
  for (const NodePtr& item : node->items) {
    HistogramBins bins;
    read_bins(*item, bins, complaints);
    histogram.push_back(std::move(bins));
  }
}

// What two settings say of each other is placed at the one that was written.
void check_history(const MapReader& map, const Series& series, Complaints& complaints) {
  const std::int64_t points = series.history / series.interval;
  if (series.history % series.interval == Duration::zero() && points >= kMinHistoryPoints &&
      points <= kMaxPoints) {
    return;
  }
  complaints.add(Errc::kRange, map.position(map.has("history") ? "history" : "interval"),
                 "found a history of " + format_duration(series.history) +
                     ", expected a multiple of the interval (" + format_duration(series.interval) +
                     "), at least " + std::to_string(kMinHistoryPoints) +
                     " and at most a million of them");
}

void check_shares(const MapReader& map, std::uint32_t shards, const Series& series,
                  Complaints& complaints) {
  const std::string per_shard = " for each of " + std::to_string(shards) + " shard_threads";
  if (series.max_series / shards < kMinSeriesPerShard) {
    complaints.add(Errc::kRange, map.position("max_series"),
                   "found " + std::to_string(series.max_series) + ", expected at least " +
                       std::to_string(kMinSeriesPerShard) + per_shard);
  }
  if (series.max_bytes / shards < kMinBytesPerShard) {
    complaints.add(Errc::kRange, map.position("max_bytes"),
                   "found " + format_bytes(series.max_bytes) + ", expected at least " +
                       format_bytes(kMinBytesPerShard) + per_shard);
  }
}

}  // namespace

void read_series(const Node& node, std::uint32_t shards, Series& series, Complaints& complaints) {
  MapReader map(node, complaints);
  const Duration interval_before = series.interval;
  map.duration("interval", series.interval, 1s, 1h);
  if (series.interval % 1s != 0s) {
    complaints.add(
        Errc::kRange, map.position("interval"),
        "found an interval of " + format_duration(series.interval) + ", expected whole seconds");
    series.interval = interval_before;
  }
  map.duration("history", series.history, 1s, kYear);
  check_history(map, series, complaints);
  map.integer("max_series", series.max_series, 1U, kMaxSeries);
  map.bytes("max_bytes", series.max_bytes, kMinBytesPerShard, std::uint64_t{1} << 50);
  check_shares(map, shards, series, complaints);
  const NodePtr* ttl = map.find("ttl");
  if (ttl != nullptr) {
    read_ttls(**ttl, series.interval, series.ttl, complaints);
  }
  map.finish();
  const Duration shortest = std::min(
      {series.ttl.counter, series.ttl.gauge, series.ttl.timer, series.ttl.set, series.ttl.event});
  if (shortest < kMinWindowsPerTtl * series.interval) {
    complaints.add(Errc::kRange, map.position("interval"),
                   "found an interval of " + format_duration(series.interval) +
                       ", expected at most a third of the shortest ttl (" +
                       format_duration(shortest) + ")");
  }
}

void read_statsd(const Node& node, Statsd& statsd, Complaints& complaints) {
  MapReader map(node, complaints);
  if (const NodePtr* percentiles = map.find("percentiles")) {
    read_percentiles(*percentiles, statsd.percentiles, complaints);
  }
  map.word("names", statsd.names, kFlushNames);
  map.boolean("send_idle", statsd.send_idle);
  if (const NodePtr* histogram = map.find("histogram")) {
    read_histogram(*histogram, statsd.histogram, complaints);
  }
  map.finish();
}

}  // namespace tocsin::settings
