// What collectd's decoders of one listener and thread count, besides records.
// Threads: written by their thread, read by any.
#pragma once

#include "src/base/counter.hpp"

namespace tocsin::collectd {

struct alignas(base::kCacheLine) Counters {
  base::Counter readings;          // a level: those kept, forgotten ones included
  base::Counter readings_refused;  // series without a rate because there was no room for a reading
  base::Counter remembered_lists;  // a level: lists that are not parsed when they come again
  base::Counter odd_lists;         // of another length than types.db says
};

}  // namespace tocsin::collectd
