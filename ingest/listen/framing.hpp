// Framing: where the records of a byte stream begin and end.
// A strategy of its own, so that a new way to frame (octet counting, say) is one more class here
// and nothing else. Pure: knows no socket, and keeps no bytes; the connection owns the buffer.
// Threads: one per connection.
// Units:   sizes in bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace tocsin::listen {

// What the front of the buffered bytes is.
struct Cut {
  enum class Kind : std::uint8_t {
    kNeedMore,   // the beginning of a record
    kRecords,    // `head` bytes that only frame, then `body` bytes: one or more whole records
    kSkip,       // `head` bytes of a record that was too long
    kOversized,  // the beginning of a record that is too long; kSkip follows. Nothing is consumed
  };
  Kind kind = Kind::kNeedMore;
  std::size_t head = 0;
  std::size_t body = 0;
};

class Framing {
 public:
  virtual ~Framing() = default;

  // Looks at all that is buffered: what earlier cuts consumed is gone, the rest is still in front.
  // `ended`: the sender finished in good order, so an open last record may count as whole.
  [[nodiscard]] virtual Cut cut(std::string_view buffered, bool ended) = 0;
};

enum class FramingKind : std::uint8_t {
  kLines,     // records end in LF; a last one without it counts when the stream ends in good order
  kLength32,  // u32 little-endian length, then that many bytes (DogStatsD over unix streams)
  kBigLength32,  // the same with a big-endian length (Riemann, Graphite's pickles)
  kNul,          // a record up to NUL, which stays with it; an open last one as with lines (GELF)
  kSyslog,       // RFC 6587, decided for each frame: "LEN SP" and LEN bytes, or up to LF or NUL
};

// A record longer than `max_record` is reported once and skipped; its neighbours are kept.
[[nodiscard]] std::unique_ptr<Framing> make_framing(FramingKind kind, std::size_t max_record);

// A buffer of this size always holds either a whole record or enough to tell that it is too long.
[[nodiscard]] constexpr std::size_t least_buffer(std::size_t max_record) noexcept {
  constexpr std::size_t kLongestHead = 10;  // nine digits and a blank
  return max_record + kLongestHead;
}

}  // namespace tocsin::listen
