// What listeners count: bytes, datagrams and connections. Records are counted by Intake, once.
// Threads: written by the listener's loop thread, read by any.
#pragma once

#include "src/base/counter.hpp"

namespace tocsin::listen {

struct alignas(base::kCacheLine) DatagramCounters {
  base::Counter datagrams;     // received, the truncated ones too
  base::Counter bytes;         // of their payload
  base::Counter batches;       // system calls that brought at least one datagram
  base::Counter naps;          // pauses between a batch that was not full and the next look
  base::Counter truncated;     // longer than max_datagram_bytes: rejected as oversized, not decoded
  base::Counter kernel_drops;  // lost before Tocsin saw them: the receive buffer was full
  base::Counter receive_errors;  // failed system calls
  base::Counter undecoded;       // given up because the decoder took nothing although it was empty
};

struct alignas(base::kCacheLine) ConnectionCounters {
  base::Counter accepted;
  base::Counter refused;        // closed at once: max_connections were open
  base::Counter idle_closed;    // closed because nothing came (or was taken) for idle_timeout
  base::Counter open;           // a level, not a sum
  base::Counter accept_errors;  // failed system calls, mostly a lack of descriptors
  base::Counter bytes;          // received
  base::Counter
      stalls;  // times that reading paused: the pipeline, or what waits to be sent, is full
  base::Counter overlong;            // records or lines longer than their limit
  base::Counter handshake_failures;  // TLS: no agreement, or no acceptable certificate
};

}  // namespace tocsin::listen
