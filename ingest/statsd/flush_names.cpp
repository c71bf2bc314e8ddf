#include "ingest/statsd/flush_names.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

#include "ingest/statsd/text.hpp"

namespace tocsin::statsd {
namespace {

using What = Statistic::What;

// Shortest form of a number, '_' for '.'.
std::string number_in_name(double number) {
  if (std::isinf(number)) return "inf";
  std::array<char, 400> text{};  // fixed notation of the largest double has 309 digits
  const auto [end, status] =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  std::replace(text.data(), end, '.', '_');
  return {text.data(), end};
}

std::string_view base_suffix(SeriesKind kind, What what) {
  switch (what) {
    case What::kValue:
      return "value";
    case What::kCount:
      return "count";
    case What::kRate:
      return kind == SeriesKind::kCounter ? "rate" : "count_ps";
    case What::kLower:
      return "lower";
    case What::kUpper:
      return "upper";
    case What::kSum:
      return "sum";
    case What::kSumSquares:
      return "sum_squares";
    case What::kMean:
      return "mean";
    case What::kMedian:
      return "median";
    case What::kStd:
      return "std";
    case What::kPercentile:
      return "p";
    case What::kBin:
      return "histogram.bin_";
  }
  return {};
}

bool is_distribution(SeriesKind kind) noexcept {
  return kind == SeriesKind::kTimer || kind == SeriesKind::kHistogram ||
         kind == SeriesKind::kDistribution;
}

// The statistic that stands for the series when there is room for one number only.
bool is_primary(SeriesKind kind, const Statistic& statistic) noexcept {
  if (statistic.threshold) return false;
  if (is_distribution(kind)) return statistic.what == What::kMean;
  if (kind == SeriesKind::kCounter || kind == SeriesKind::kSet)
    return statistic.what == What::kCount;
  return statistic.what == What::kValue;
}

std::string legacy_name(const Identity& identity, const Statistic& statistic) {
  return (statistic.what == What::kRate ? "stats." : "stats_counts.") + identity.service;
}

// The folder a kind has in both Graphite styles.
std::string_view folder(SeriesKind kind) noexcept {
  if (kind == SeriesKind::kCounter) return "stats.counters.";
  if (kind == SeriesKind::kSet) return "stats.sets.";
  return is_distribution(kind) ? "stats.timers." : "stats.gauges.";
}

// What may stand in a tag of a Graphite line: no ';', which ends a tag, and no '~' in front, which
// cleaning drops anyway.
std::string graphite_word(std::string_view text) {
  std::string word = clean_name(text);
  std::erase(word, ';');
  return word;
}

void append_tag(std::string& tags, std::string_view key, std::string_view value) {
  std::string name = graphite_word(key);
  std::erase(name, '=');
  const std::string content = graphite_word(value);
  // Carbon refuses the whole line for an empty name or value.
  if (name.empty() || content.empty()) return;
  tags += ';';
  tags += name;
  tags += '=';
  tags += content;
}

}  // namespace

std::string threshold_suffix(double threshold) {
  return threshold < 0 ? "top" + number_in_name(-threshold) : number_in_name(threshold);
}

std::string statistic_suffix(SeriesKind kind, const Statistic& statistic) {
  std::string suffix(base_suffix(kind, statistic.what));
  if (!statistic.threshold) return suffix;
  if (statistic.what == What::kBin || statistic.what == What::kPercentile) {
    return suffix + number_in_name(*statistic.threshold);
  }
  return suffix + '_' + threshold_suffix(*statistic.threshold);
}

FlushNames::FlushNames(NamingStyle style, std::string default_host)
    : style_(style), default_host_(std::move(default_host)) {}

std::string FlushNames::name(const Identity& identity, const Statistic& statistic) const {
  if (style_ == NamingStyle::kPlain) {
    if (is_primary(identity.kind, statistic)) return identity.service;
    return identity.service + '.' + statistic_suffix(identity.kind, statistic);
  }
  std::string name;
  if (style_ == NamingStyle::kLegacy && identity.kind == SeriesKind::kCounter) {
    name = legacy_name(identity, statistic);
  } else {
    name = std::string(folder(identity.kind)) + identity.service;
    if (statistic.what != What::kValue) name += '.' + statistic_suffix(identity.kind, statistic);
  }
  return name + graphite_tags(identity);
}

std::string FlushNames::series_count_name() const {
  return style_ == NamingStyle::kLegacy ? "statsd.numStats" : "stats.statsd.numStats";
}

std::string FlushNames::graphite_tags(const Identity& identity) const {
  std::string tags;
  for (const Attribute& attribute : identity.attributes) {
    append_tag(tags, attribute.key, attribute.value);
  }
  for (const std::string& tag : identity.tags) append_tag(tags, tag, "true");
  if (identity.host != default_host_) append_tag(tags, "host", identity.host);
  return tags;
}

}  // namespace tocsin::statsd
