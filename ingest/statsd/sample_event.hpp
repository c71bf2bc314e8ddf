// One statsd sample as an event of its own, for `tocsin decode statsd` and for taps. The daemon
// itself aggregates samples into series and never builds these.
#pragma once

#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::statsd {

// service, host, tags and attributes are the identity's; besides:
//   time         the sample's own timestamp, else when it was received
//   metric       the value as sent (not divided by the rate): int64 when it is a whole number below
//                2^53; none for a set
//   attributes   ingest = "statsd", peer, metric_type; sample_rate when it is not 1;
//                member for a set; gauge_op = "adjust" when the value is added to the gauge.
//                They win over tags of the same key.
// `identity` must be what the decoder's resolver made of `sample`.
[[nodiscard]] Event sample_event(const RawSample& sample, const Identity& identity,
                                 const Origin& origin);

}  // namespace tocsin::statsd
