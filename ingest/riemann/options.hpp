// What a Riemann input can be told about the messages it receives.
// Threads: a plain value; read-only once a Decoder was made from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace tocsin::riemann {

// What became of one Msg, told once all of it was read: what a TCP server answers.
struct Outcome {
  enum class Kind : std::uint8_t {
    kAccepted,  // the pipeline took every event
    kRefused,   // at least one event was refused or lost, or the Msg could not be read to its end
    kQuery,     // the pipeline took every event, and the sender waits for the answer to a query
  };
  Kind kind = Kind::kAccepted;
  // kRefused: why, for the sender. kQuery: the query, in Riemann's language. Valid during the call.
  std::string_view text;
};

struct Options {
  std::size_t max_event_bytes = 64 * 1024;  // a longer event is refused as kOversized
  std::size_t max_tags = 64;                // per event; more are refused as kTags
  std::size_t max_attributes = 64;          // the same
  std::size_t max_query_bytes = 16 * 1024;  // a longer query is refused as kOversized
  // Called for each Msg, in their order. Empty where nobody answers (UDP): queries are then refused
  // as kUnsupported.
  std::function<void(const Outcome&)> on_message;
};

// What listeners should allow unless they are told otherwise. Clients send Msgs of some hundred
// events; a datagram of 16384 bytes is what Riemann's own server takes.
inline constexpr std::size_t kMaxFrameBytes = 1024 * 1024;
inline constexpr std::size_t kMaxDatagramBytes = 16384;

}  // namespace tocsin::riemann
