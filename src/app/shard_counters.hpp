// What one shard tells of its work besides the records it processed.
#pragma once

#include "src/base/counter.hpp"

namespace tocsin::app {

// Written by the shard's thread, read by any.
struct alignas(base::kCacheLine) ShardWork {
  base::Counter series;          // a level
  base::Counter series_refused;  // turned away by max_series or max_bytes
  base::Counter series_expired;
  base::Counter memory_bytes;          // a level
  base::Counter windows_closed;        // of series
  base::Counter evaluations;           // votes of detectors on one point
  base::Counter evaluations_deferred;  // points that were not voted on: evaluations_per_tick
  base::Counter detectors;             // that remember a series; a level
  base::Counter detector_bytes;        // a level
  base::Counter detectors_refused;     // wanted, and turned away by detect.max_bytes
  base::Counter anomalies;             // verdicts that opened one
  base::Counter anomalies_open;        // a level
  base::Counter plans;                 // series that a rule concerns; a level
  base::Counter results;               // records for the store
};

}  // namespace tocsin::app
