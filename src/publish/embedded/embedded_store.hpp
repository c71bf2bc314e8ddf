// EmbeddedStore: the result store inside this process, kept on disk (result_log.hpp). The default.
//
// Everything is in memory; put() appends the same to the log. Expired records go on tick().
// Kept:    what put() took survives kill -9 of this process; a power cut loses at most what came
//          after the last sync (options: sync_interval).
// Faults:  when the disk refuses, the store goes on in memory, says so (kDegraded), and writes
//          everything anew as soon as the disk takes it again.
// Cost:    put: a hash lookup, a copy, one write() per call. A rewrite of the log blocks for
//          as long as the live records take to write: about once per doubling of the log.
// Threads: one, the publisher's.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "tocsin/event.hpp"
#include "tocsin/result.hpp"
#include "tocsin/store.hpp"

namespace tocsin::publish {

struct EmbeddedOptions {
  // Where the log lives; created if missing. Empty: nothing is kept over a restart.
  std::string directory;
  // Cap on the records in memory. One eighth is reserved for urgent records. Raise it when
  // `dropped` grows; the log takes up to twice this on disk.
  std::size_t max_bytes = std::size_t{256} << 20;
  // Larger values are dropped.
  std::size_t max_value_bytes = std::size_t{1} << 20;
  // At most this much is lost in a power cut. Longer spares a slow disk.
  std::chrono::milliseconds sync_interval = std::chrono::seconds(1);
  // A log below this is not rewritten, however little of it is alive.
  std::size_t rewrite_floor_bytes = std::size_t{1} << 20;
};

// Reads back what the directory holds and is not expired at `now`. Errors: the directory cannot be
// used, is held by another process, or was written by another version. Damage is no error: it is
// counted under the cause `damaged_bytes`.
[[nodiscard]] Result<std::unique_ptr<ResultStore>> open_embedded_store(EmbeddedOptions options,
                                                                       TimePoint now);

}  // namespace tocsin::publish
