// What a GELF listener can be told.
// Threads: plain values; read-only once a Decoder was made from them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "ingest/json/options.hpp"

namespace tocsin::gelf {

// Of messages that come in chunks.
struct ChunkLimits {
  // Messages of which chunks are missing, of all senders together. One more pushes the oldest out.
  std::size_t max_messages = 1024;
  // Bytes of their chunks, of all together. Below, too, the oldest makes room.
  std::size_t max_bytes = 16 * 1024 * 1024;
  // Bytes of the chunks of one message. More are refused as kOversized.
  std::size_t max_message_bytes = 1024 * 1024;
  // From the first chunk that arrived. What is not complete by then is lost: kTruncated.
  std::chrono::nanoseconds max_age = std::chrono::seconds(5);
};

struct Options {
  // A longer message is refused as kOversized, before or after it was inflated.
  std::size_t max_message_bytes = 1024 * 1024;
  json_lines::Limits limits{};
  ChunkLimits chunks{};

  // Of a message that names no host. Empty: the sender's address.
  std::string default_host;
  // Of a message without a facility.
  std::string default_service = "gelf";
  // Of a message without a level, 0 to 7. The specification has 1, alert: critical. Empty: such
  // messages have no state; for clients that never send a level.
  std::optional<std::uint8_t> default_level = 1;
};

}  // namespace tocsin::gelf
