// Decodes DogStatsD's two records that are not metrics: events and service checks.
//   _e{TITLE_LENGTH,TEXT_LENGTH}:title|text|d:seconds|h:host|k:key|p:priority|s:source|t:type|#tags
//   _sc|name|status|d:seconds|h:host|#tags|m:message
// Event:   service = aggregation key or "event"; description = title, then LF and text if there is
//          one; state from t: (error critical, warning warning, success and info ok; none: ok).
// Check:   service = name; state from status 0..3; description = message.
// Both:    host = h:, else the tag host:, else the default, else the sender's address. What was
//          said stays in the attributes alert_type, priority, source, aggregation_key,
//          check_status.
// Lengths: bytes of UTF-8; if that does not end at a '|', UTF-16 units, as some clients count; if
//          that does not either, the text is cut at the '|'.
// Message: `m:` should be last, but fields c:, e: and card: behind it are taken off again.
// Errors:  a known field with an impossible value refuses the record; unknown fields are skipped.
// Source:  DogStatsD datagram format 1.0 to 1.3; what hot-shots and datadogpy send.
#pragma once

#include <string_view>
#include <variant>

#include "ingest/statsd/line_output.hpp"
#include "ingest/statsd/options.hpp"
#include "tocsin/decoder.hpp"

namespace tocsin::statsd {

using EventOrRefusal = std::variant<Event, Refusal>;

// `line` begins with "_e{".
[[nodiscard]] EventOrRefusal decode_datadog_event(std::string_view line, const Options& options,
                                                  const Origin& origin);
// `line` begins with "_sc|".
[[nodiscard]] EventOrRefusal decode_service_check(std::string_view line, const Options& options,
                                                  const Origin& origin);

}  // namespace tocsin::statsd
