// ChunkAssembler: puts messages together that came in several datagrams.
//
//    0    2          10         11      12
//   +----+----------+----------+-------+-----------------+
//   |1e0f| id       | sequence | count | part            |  count 1 to 128, sequence below it
//   +----+----------+----------+-------+-----------------+
//
// Chunks of a message have the same sender's address, id and count, and come in any order. The
// port does not matter: clients open a socket per datagram.
// Record:  the message. Chunks are not counted by themselves, except those that belong to none:
//            a chunk that cannot be one                      one record each (Outcome::kRefused)
//            a chunk that came before, or too late for a     none
//              message that was complete or refused
//            a message that grew too old or was pushed out   one record, told to `lost`
//            a message longer than the limit                 one record, at the chunk that exceeds
// Memory:  ChunkLimits; besides 2 KiB per message, and some 100 bytes for one that was complete
//          less than ChunkLimits::max_age ago, of which it remembers as many.
// Threads: one per decoder. Time comes with the chunks.
// Cost:    a few allocations per message in chunks; none for a message in one chunk.
// Source:  GELF 1.1, "Chunking", go2docs.graylog.org. Departure: a chunk that begins with the magic
//          bytes but is shorter than its header is refused, not read as something else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ingest/gelf/options.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/event.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::gelf {

// Whether a datagram begins with the magic bytes of a chunk.
[[nodiscard]] bool begins_chunk(std::string_view datagram) noexcept;

class ChunkAssembler {
 public:
  // Is told of each message that is lost: what arrived of it, in the order of arrival, and why.
  using Lost = std::function<void(std::string_view parts, std::string_view text)>;

  ChunkAssembler(const ChunkLimits& limits, Lost lost);
  ChunkAssembler(const ChunkAssembler&) = delete;
  ChunkAssembler& operator=(const ChunkAssembler&) = delete;

  struct Outcome {
    enum class Kind : std::uint8_t {
      kWaits,     // more chunks are needed, or the chunk is not
      kComplete,  // `message` is whole; the same chunk says so again until finish()
      kRefused,   // `cause` and `text` say why
    };
    Kind kind = Kind::kWaits;
    std::string_view message;  // valid until the next call
    RejectCause cause{};
    std::string_view text;
    std::size_t offset = 0;  // in the chunk
  };

  // Precondition: begins_chunk(datagram).
  [[nodiscard]] Outcome add(std::string_view datagram, const Origin& origin);
  // The message that the last add() completed is done with.
  void finish();

  // Gives up messages that are too old at `now`. Without this, the next chunk does it.
  void expire(TimePoint now);

  // Messages of which chunks are missing.
  [[nodiscard]] std::size_t waiting() const noexcept { return messages_.size(); }

 private:
  struct Key {
    std::array<std::uint8_t, 16> address{};
    std::uint64_t id = 0;
    Peer::Family family = Peer::Family::kNone;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept;
  };
  struct Part {
    std::size_t at = 0;  // in Message::bytes
    std::size_t size = 0;
    bool is_here = false;
  };
  struct Message {
    Key key;
    TimePoint since{};
    std::size_t missing = 0;
    std::vector<Part> parts;  // by sequence number
    std::string bytes;        // of the parts, in the order of arrival
  };
  using Messages = std::list<Message>;
  // A message that was counted. Its late chunks must not begin another one.
  struct Done {
    Key key;
    TimePoint since{};
  };

  [[nodiscard]] Messages::iterator open(const Key& key, std::size_t count, TimePoint now);
  [[nodiscard]] Outcome join(Messages::iterator message);
  void make_room(std::size_t bytes, Messages::iterator keep);
  void lose(Messages::iterator message, std::string_view text);
  void close(Messages::iterator message);
  void remove(Messages::iterator message);

  // Fixed after construction.
  const ChunkLimits limits_;
  const Lost lost_;

  Messages messages_;  // those that wait, the oldest first
  std::unordered_map<Key, Messages::iterator, KeyHash> by_key_;
  std::size_t bytes_ = 0;  // in all of them
  std::deque<Done> done_;  // the oldest first
  std::unordered_set<Key, KeyHash> done_keys_;
  Messages::iterator complete_ = messages_.end();  // what the last add() completed
  std::string joined_;
};

}  // namespace tocsin::gelf
