// What a statsd listener can be told about the lines it receives.
// Threads: a plain value; read-only once a Decoder or Resolver was made from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace tocsin::statsd {

// Which grammar is spoken. docs/formats/statsd.md has the table of differences.
enum class Dialect : std::uint8_t {
  kStatsd,      // Etsy's meaning of c, g, ms and s; DogStatsD's fields and types h and d besides
  kEtsyStrict,  // Etsy's server to the letter: change to this only to reproduce its oddities
  kDogstatsd,   // Datadog's agent: as kStatsd, but gauges are absolute and timers may be negative
};

// What `-12.5|g` does.
enum class GaugeSign : std::uint8_t {
  kDelta,     // subtracts 12.5 from the gauge (Etsy)
  kAbsolute,  // sets the gauge to -12.5 (Datadog)
};

// What the field `c:ID` is good for.
enum class Container : std::uint8_t {
  kIgnore,  // skipped, as every unknown field is
  kTag,     // identifies the series, as the attribute `container_id`
};

struct Options {
  Dialect dialect = Dialect::kStatsd;
  std::optional<GaugeSign> gauge_sign;  // empty: the dialect's own
  Container container = Container::kIgnore;
  std::size_t max_record_bytes = 8192;  // a longer line is refused as kOversized
  std::size_t max_tags = 64;            // per series, event or check
  std::string default_host;             // for whatever says nothing about its host
  std::string telemetry_prefix;         // metrics with this prefix are refused; empty: none.
                                        // "datadog.dogstatsd.client." silences the clients' own
};

[[nodiscard]] inline GaugeSign gauge_sign(const Options& options) noexcept {
  if (options.gauge_sign) return *options.gauge_sign;
  return options.dialect == Dialect::kDogstatsd ? GaugeSign::kAbsolute : GaugeSign::kDelta;
}

}  // namespace tocsin::statsd
