// What following files counts. Records are counted by Intake, once.
// Threads: written by the listener's loop thread, read by any.
#pragma once

#include "src/base/counter.hpp"

namespace tocsin::tail {

struct alignas(base::kCacheLine) Counters {
  base::Counter open_files;   // a level, not a sum
  base::Counter bytes;        // read, those read twice after a restart twice
  base::Counter rotations;    // a path led to another file, which is read now
  base::Counter truncations;  // a file began anew
  base::Counter lost_bytes;   // known to have been there, gone before they were read: a lower bound
  base::Counter overlong;     // lines longer than max_line_bytes
  base::Counter stalls;       // times that reading paused because the pipeline was full
  base::Counter waiting;      // a level: files not opened because max_files are open
  base::Counter give_ups;     // lines at which the start pattern ran into its match limit
  base::Counter errors;       // files that could not be opened or read, positions not written
};

}  // namespace tocsin::tail
