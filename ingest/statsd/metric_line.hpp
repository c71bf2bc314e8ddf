// Decodes one metric line of the statsd and DogStatsD dialects, whatever its shape. The decoder's
// fast path takes the common shapes first; this is the whole grammar.
//   line  := name ":" group (":" group)* ("|" field)*
//   group := value (":" value)* "|" type ["|@" rate]
// so that both `latency:1:2:3|h|@0.5` (DogStatsD, values share type and rate) and
// `a:1|c:2|c|@0.1:3|ms` (Etsy, each piece complete) are read. A set's value may itself hold colons.
// Fields after the last group come in any order: @rate, #tags, c:container, T seconds; others are
// skipped.
// Input:   one line without its line end, not empty.
// Output:  one sample or one reject for every value. A fault of the whole line (no name, bad
//          timestamp, ...) rejects every value of it; a line without ':' counts as one.
#pragma once

#include <cstdint>
#include <string_view>

#include "ingest/statsd/line_output.hpp"
#include "ingest/statsd/options.hpp"

namespace tocsin::statsd {

void decode_metric_line(std::string_view line, const Options& options, const LineOutput& output);

// Whether the sample rate of a sample matters: a gauge or a set means the same however often it was
// sent.
[[nodiscard]] constexpr bool is_weighted(SeriesKind kind) noexcept {
  return kind != SeriesKind::kGauge && kind != SeriesKind::kSet;
}

// The latest second that still fits a TimePoint.
inline constexpr std::int64_t kLastSecond = 9'223'372'036;

}  // namespace tocsin::statsd
