// Decoder: bytes of one protocol in, samples and events out. Pure: no socket, no clock, no log.
// A new protocol is a Decoder plus the listeners of ingest/listen; nothing else changes.
// Threads: one decoder per ingest thread (per connection for streams); holds no shared state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tocsin/event.hpp"

namespace tocsin {

// Who sent the bytes. Cheap to fill for every datagram; turned into text only when an event needs
// it.
struct Peer {
  enum class Family : std::uint8_t { kNone, kIpv4, kIpv6, kUnix };
  std::array<std::uint8_t, 16> address{};  // network order; IPv4 uses the first four
  std::uint16_t port = 0;                  // host order
  Family family = Family::kNone;
};

// What is known of bytes before they are read.
struct Origin {
  TimePoint received{};
  Peer peer;
  std::string_view user;  // whom the connection proved to be (TLS); empty: nobody
};

class Decoder {
 public:
  virtual ~Decoder() = default;

  // Reads whole records from the front of `bytes` (one datagram, or one frame of a stream) and
  // returns how many bytes that took: fewer than bytes.size() only when the pipeline is full.
  // Samples may stay buffered inside and then view `bytes`: the caller keeps the memory of every
  // decoded buffer until flush() or drop().
  [[nodiscard]] virtual std::size_t decode(std::string_view bytes, const Origin& origin) = 0;

  // Hands over what is buffered. False: the pipeline is full and something is still buffered; a
  // stream tries again later, a datagram listener calls drop().
  [[nodiscard]] virtual bool flush() = 0;

  // Gives up what is buffered and counts it as dropped.
  virtual void drop() = 0;
};

}  // namespace tocsin
