// What one shard tells of its work besides the records it processed.
#pragma once

#include "src/base/counter.hpp"

namespace tocsin::app {

// Written by the shard's thread, read by any.
struct alignas(base::kCacheLine) ShardWork {
  base::Counter series;          // a level
  base::Counter series_refused;  // turned away by max_series or max_bytes
  base::Counter series_expired;
  base::Counter memory_bytes;    // a level
  base::Counter windows_closed;  // of series
  // Points that ask for a vote = evaluations + evaluations_skipped + evaluations_waiting.
  base::Counter evaluations;          // votes held on the newest point of a series
  base::Counter evaluations_late;     // of these, in a later window than the point that asked
  base::Counter evaluations_skipped;  // points whose series waited still, or ended before its turn
  base::Counter evaluations_waiting;  // series that wait for a vote; a level
  base::Counter longest_wait_s;       // of the votes held in this window
  base::Counter tick_ns;              // the longest of this window
  base::Counter longest_tick_ns;      // of all
  base::Counter lessons_waiting;      // series whose detectors are to be taught; a level
  base::Counter detectors;            // that remember a series; a level
  base::Counter detector_bytes;       // a level
  base::Counter detectors_refused;    // wanted, and turned away by detect.max_bytes
  base::Counter anomalies;            // verdicts that opened one
  base::Counter anomalies_open;       // a level
  base::Counter verdicts_withheld;    // alarming, of values that feedback expects
  base::Counter plans;                // series that a rule concerns; a level
  base::Counter results;              // records for the store
};

}  // namespace tocsin::app
