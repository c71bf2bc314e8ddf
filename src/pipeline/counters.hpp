// Counters behind the identity that holds for every input, always:
//   received = processed + rejected{cause} + dropped{cause} + in_flight
// Threads: each counter has one writer; anyone may read. Reads of several counters are not a
//          snapshot: while traffic flows, in_flight absorbs what moved between two reads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "src/base/counter.hpp"
#include "src/pipeline/batch.hpp"

namespace tocsin::pipeline {

using base::Counter;
using base::kCacheLine;

// Why a well-formed record did not reach its series. Stable: the `cause` label in /metrics.
enum class DropCause : std::uint8_t {
  kPipelineFull,  // no free batch; datagrams and our own remarks, streams wait
  kSeriesLimit,   // a new series beyond max_series or max_bytes
  kLate,          // its own time is not after the last known value, or lies in the future
  kMemory,        // the window or history of its series could not grow: max_bytes
  kRange,         // its value times its weight is beyond a double
  kEnded,         // its series ended unheard; the next one begins it anew
  kRule,          // a parse rule dropped it
  kCount_,
};

[[nodiscard]] constexpr std::string_view to_string(DropCause cause) noexcept {
  constexpr std::string_view kNames[] = {"pipeline_full", "series_limit", "late", "memory",
                                         "range",         "ended",        "rule"};
  return kNames[static_cast<std::uint8_t>(cause)];
}

// Written by one ingest thread, per input.
struct alignas(kCacheLine) IngestCounters {
  Counter received;
  Counter dropped_full;
  Counter dropped_rule;
  Counter digested;  // processed on this thread: measured by rules, and not kept
  Counter ahead;     // events whose time is far ahead; taken all the same
  std::array<Counter, static_cast<std::size_t>(RejectCause::kCount_)> rejected;
};

// Written by one shard thread, per input.
struct alignas(kCacheLine) ShardCounters {
  Counter processed;
  std::array<Counter, static_cast<std::size_t>(DropCause::kCount_)> dropped;
};

// All counters of one input, added up over threads.
struct InputTotals {
  std::uint64_t received = 0;
  std::uint64_t processed = 0;
  std::uint64_t ahead = 0;
  std::array<std::uint64_t, static_cast<std::size_t>(RejectCause::kCount_)> rejected{};
  std::array<std::uint64_t, static_cast<std::size_t>(DropCause::kCount_)> dropped{};

  void add(const IngestCounters& c) noexcept {
    received += c.received.get();
    dropped[static_cast<std::size_t>(DropCause::kPipelineFull)] += c.dropped_full.get();
    dropped[static_cast<std::size_t>(DropCause::kRule)] += c.dropped_rule.get();
    processed += c.digested.get();
    ahead += c.ahead.get();
    for (std::size_t i = 0; i < rejected.size(); ++i) rejected[i] += c.rejected[i].get();
  }
  void add(const ShardCounters& c) noexcept {
    processed += c.processed.get();
    for (std::size_t i = 0; i < dropped.size(); ++i) dropped[i] += c.dropped[i].get();
  }
  // What was received and is neither processed nor refused yet. Read the shard's counters before
  // the ingest thread's, so that this never seems negative.
  [[nodiscard]] std::uint64_t in_flight() const noexcept {
    std::uint64_t done = processed;
    for (const std::uint64_t n : rejected) done += n;
    for (const std::uint64_t n : dropped) done += n;
    return received > done ? received - done : 0;
  }
};

}  // namespace tocsin::pipeline
