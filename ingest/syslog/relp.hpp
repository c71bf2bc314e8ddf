// RelpServer: our side of a RELP conversation, as a state machine: frames in, syslog messages and
// answers out. Every message is acknowledged by itself, once it is in the pipeline, so that a
// sender repeats what was not; at least once, that is.
//
//   frame  = number SP command SP length [SP data] LF      number: 0..999999999, data: length bytes
//   client: "1 open ..." then "2 syslog ...", "3 syslog ..." then "9 close 0"
//   server: "1 rsp N 200 OK ..." (offers)  "2 rsp 6 200 OK"           "9 rsp 0", "0 serverclose 0"
//
// Use:     step() on what is buffered; on kMessage give `message` to a Decoder and, when that took
//          it, call acknowledge(); remove `consumed` bytes; send `replies`; go on. A full pipeline:
//          try the decoder again later, and do not read meanwhile.
// Threads: one per connection. Pure: no socket, keeps no bytes.
// Errors:  kFault: the stream cannot be understood any further; close it. A message that is too
//          long is answered 500 and skipped.
// Source:  RELP protocol, version 0 (librelp's doc/relp.html), and a capture of rsyslog's omrelp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tocsin/intake.hpp"

namespace tocsin::syslog {

class RelpServer {
 public:
  // A frame's data may have `max_message_bytes`.
  explicit RelpServer(std::size_t max_message_bytes) : max_message_bytes_(max_message_bytes) {}

  struct Step {
    enum class Kind : std::uint8_t {
      kNeedMore,  // the beginning of a frame
      kMessage,   // a syslog message, to be acknowledged
      kAnswered,  // a frame of which we only say that it was answered
      kRefused,   // the beginning of a message that is too long; kSkipped follows
      kSkipped,   // some more of it
      kClosed,    // the client said good-bye: send the replies, then close
      kFault,     // not RELP: close
    };
    Kind kind = Kind::kNeedMore;
    std::size_t consumed = 0;                  // bytes of the buffer that are done with
    std::string_view message;                  // kMessage; views the buffer
    RejectCause cause = RejectCause::kSyntax;  // kRefused, kFault
    std::string_view text;                     // kRefused, kFault: what was found and expected
  };

  // Looks at the front of `buffered` and appends to `replies` what the client must be told. After
  // kClosed and kFault there is no further step.
  [[nodiscard]] Step step(std::string_view buffered, std::string& replies);

  // The message of the last step is taken, refused by the decoder, or dropped on purpose.
  void acknowledge(std::string& replies) const;

  // A buffer of this size always lets step() move on.
  [[nodiscard]] static constexpr std::size_t least_buffer(std::size_t max_message_bytes) noexcept {
    return max_message_bytes + kMostHeadBytes + 1;
  }

 private:
  // "999999999 " and 32 letters and " 999999999 "
  static constexpr std::size_t kMostHeadBytes = 10 + 32 + 11;

  struct Head;

  [[nodiscard]] static Head read_head(std::string_view buffered);
  [[nodiscard]] Step answer(const Head& head, std::string_view data, std::string& replies);
  [[nodiscard]] Step skip(std::string_view buffered, std::string& replies);

  const std::size_t max_message_bytes_;
  std::uint32_t number_ = 0;  // of the frame that waits for its answer
  std::size_t to_skip_ = 0;   // of a message that is too long
  bool is_open_ = false;
};

}  // namespace tocsin::syslog
