// NscaServer: our side of one NSCA connection, as a state machine: sealed bytes in, packets in the
// clear out.
//   server: 128 random bytes, u32 time            at once
//   client: packet, packet, ... end of stream     nothing is answered
//
// Use:     send greeting(); step() on what is buffered; on kMessage give `message` to an
//          NscaDecoder and, when that took it, call acknowledge(); remove `consumed` bytes; go on.
//          A full pipeline: try the decoder again later, and do not read meanwhile; step() on the
//          same bytes gives the same message. When the client has ended its side, call end() with
//          what is left.
// Threads: one per connection. Pure: no socket, no clock, no randomness of its own.
// Errors:  kRefused: this packet only (too old). kFault: a wrong password or another method, which
//          looks the same; nothing can be read any further, close the connection.
// Memory:  one packet.
// Source:  docs/formats/nagios.md.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/nagios/nsca_cipher.hpp"
#include "ingest/nagios/nsca_packet.hpp"
#include "tocsin/event.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::nagios {

struct NscaOptions {
  std::shared_ptr<const nsca::Key> key;  // not null
  // A packet that comes later than this behind the greeting is refused as kTimestamp. 0: never.
  std::chrono::seconds max_age{30};
};

class NscaServer {
 public:
  // `iv`: fresh random bytes; who uses them twice lets old packets be sent again.
  NscaServer(const NscaOptions& options, const nsca::Iv& iv, TimePoint now);

  // Appends what the client must be sent first.
  void greeting(std::string& out) const;

  struct Step {
    enum class Kind : std::uint8_t {
      kNeedMore,  // the beginning of a packet
      kMessage,   // a packet, to be acknowledged
      kRefused,   // a packet that is not taken
      kFault,     // what follows cannot be understood: close
    };
    Kind kind = Kind::kNeedMore;
    std::size_t consumed = 0;  // bytes of the buffer that are done with
    std::string_view message;  // kMessage: in the clear, valid until the next step()
    RejectCause cause = RejectCause::kSyntax;  // kRefused, kFault
    std::string_view text;                     // kRefused, kFault: what was found and expected
  };

  // Looks at the front of `buffered`, of which the last part came at `now`. After kFault there is
  // no further step.
  [[nodiscard]] Step step(std::string_view buffered, TimePoint now);

  // The message of the last step is taken, refused by the decoder, or dropped on purpose.
  void acknowledge() noexcept { cipher_.advance({tail_.data(), tail_.size()}); }

  // The client sends no more and step() needs more than `buffered`. kNeedMore: all is well, nothing
  // was left; kFault otherwise.
  [[nodiscard]] static Step end(std::string_view buffered) noexcept;

  // A buffer of this size always lets step() move on.
  [[nodiscard]] static constexpr std::size_t least_buffer() noexcept { return nsca::kPacketBytes; }

 private:
  [[nodiscard]] bool open(std::string_view buffered, std::size_t size);
  [[nodiscard]] Step judge(std::size_t size, std::string_view buffered, TimePoint now);

  // Fixed after construction.
  const std::chrono::seconds max_age_;
  const nsca::Iv iv_;
  const std::uint32_t greeted_s_;  // seconds since the epoch, modulo 2^32
  const TimePoint greeted_;

  nsca::Cipher cipher_;
  std::size_t packet_bytes_ = 0;  // what this client sends; 0: not known yet
  bool is_not_old_ = false;       // the packet at hand is known to be none of 720 bytes
  std::array<char, nsca::Cipher::kMostBlockBytes> tail_{};  // of the packet at hand, sealed
  std::array<char, nsca::kPacketBytes> clear_;              // the packet at hand
};

}  // namespace tocsin::nagios
