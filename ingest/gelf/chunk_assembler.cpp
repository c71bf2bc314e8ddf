#include "ingest/gelf/chunk_assembler.hpp"

#include <iterator>
#include <utility>

#include "src/base/byte_order.hpp"

namespace tocsin::gelf {
namespace {

constexpr std::string_view kMagic = "\x1E\x0F";
constexpr std::size_t kIdAt = 2;
constexpr std::size_t kSequenceAt = 10;
constexpr std::size_t kCountAt = 11;
constexpr std::size_t kHead = 12;
constexpr std::size_t kMostChunks = 128;

using Outcome = ChunkAssembler::Outcome;

Outcome refused(RejectCause cause, std::size_t offset, std::string_view text) {
  return {Outcome::Kind::kRefused, {}, cause, text, offset};
}

}  // namespace

bool begins_chunk(std::string_view datagram) noexcept {
  return datagram.starts_with(kMagic);
}

std::size_t ChunkAssembler::KeyHash::operator()(const Key& key) const noexcept {
  // FNV-1a over words. Who chooses ids that collide gains little: see ChunkLimits::max_messages.
  std::uint64_t hash = 0xCBF29CE484222325U;
  const auto mix = [&hash](std::uint64_t word) {
    hash = (hash ^ word) * 0x100000001B3U;
    hash ^= hash >> 32;
  };
  const char* const address = reinterpret_cast<const char*>(key.address.data());
  mix(base::load_little_endian<std::uint64_t>(address));
  mix(base::load_little_endian<std::uint64_t>(address + 8));
  mix(key.id);
  mix(static_cast<std::uint64_t>(key.family));
  return hash;
}

ChunkAssembler::ChunkAssembler(const ChunkLimits& limits, Lost lost)
    : limits_(limits), lost_(std::move(lost)) {}

Outcome ChunkAssembler::add(std::string_view datagram, const Origin& origin) {
  complete_ = messages_.end();
  expire(origin.received);
  if (datagram.size() < kHead) {
    return refused(RejectCause::kTruncated, datagram.size(),
                   "a chunk shorter than its header of 12 bytes");
  }
  const std::size_t sequence = static_cast<unsigned char>(datagram[kSequenceAt]);
  const std::size_t count = static_cast<unsigned char>(datagram[kCountAt]);
  if (count == 0 || count > kMostChunks) {
    return refused(RejectCause::kSyntax, kCountAt, "the count of chunks is not 1 to 128");
  }
  if (sequence >= count) {
    return refused(RejectCause::kSyntax, kSequenceAt,
                   "the sequence number of a chunk is not below their count");
  }
  const std::string_view part = datagram.substr(kHead);
  if (part.size() > limits_.max_message_bytes) {
    return refused(RejectCause::kOversized, kHead, "the message is longer than the limit");
  }
  if (count == 1) return {Outcome::Kind::kComplete, part, {}, {}, 0};

  const Key key{origin.peer.address, base::load_big_endian<std::uint64_t>(datagram.data() + kIdAt),
                origin.peer.family};
  if (done_keys_.contains(key)) return {};
  const Messages::iterator message = open(key, count, origin.received);
  if (message->parts.size() != count) {
    return refused(RejectCause::kSyntax, kCountAt,
                   "the count of chunks is not that of the message's other chunks");
  }
  Part& place = message->parts[sequence];
  if (!place.is_here) {
    if (message->bytes.size() + part.size() > limits_.max_message_bytes) {
      close(message);
      return refused(RejectCause::kOversized, kHead, "the message is longer than the limit");
    }
    make_room(part.size(), message);
    place = {message->bytes.size(), part.size(), true};
    message->bytes += part;
    bytes_ += part.size();
    --message->missing;
  }
  return message->missing == 0 ? join(message) : Outcome{};
}

void ChunkAssembler::finish() {
  if (complete_ != messages_.end()) close(complete_);
}

void ChunkAssembler::expire(TimePoint now) {
  while (!messages_.empty() && now - messages_.front().since >= limits_.max_age) {
    lose(messages_.begin(), "a message of which chunks are missing after the time limit");
  }
  while (!done_.empty() &&
         (done_.size() > limits_.max_messages || now - done_.front().since >= limits_.max_age)) {
    done_keys_.erase(done_.front().key);
    done_.pop_front();
  }
}

// The message of `key`, which begins when there is none.
ChunkAssembler::Messages::iterator ChunkAssembler::open(const Key& key, std::size_t count,
                                                        TimePoint now) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) return found->second;
  if (messages_.size() >= limits_.max_messages) {
    lose(messages_.begin(), "a message of which chunks are missing, pushed out by newer ones");
  }
  messages_.push_back({key, now, count, std::vector<Part>(count), {}});
  const auto message = std::prev(messages_.end());
  by_key_.emplace(key, message);
  return message;
}

Outcome ChunkAssembler::join(Messages::iterator message) {
  joined_.clear();
  for (const Part& part : message->parts) joined_.append(message->bytes, part.at, part.size);
  complete_ = message;
  return {Outcome::Kind::kComplete, joined_, {}, {}, 0};
}

// Gives up the oldest messages, but not `keep`, until `bytes` more are within the limit.
void ChunkAssembler::make_room(std::size_t bytes, Messages::iterator keep) {
  auto oldest = messages_.begin();
  while (oldest != messages_.end() && bytes_ + bytes > limits_.max_bytes) {
    const auto message = oldest++;
    if (message == keep) continue;
    lose(message, "a message of which chunks are missing, pushed out by newer ones");
  }
}

void ChunkAssembler::lose(Messages::iterator message, std::string_view text) {
  lost_(message->bytes, text);
  remove(message);
}

// The message was counted.
void ChunkAssembler::close(Messages::iterator message) {
  done_.push_back({message->key, message->since});
  done_keys_.insert(message->key);
  remove(message);
}

void ChunkAssembler::remove(Messages::iterator message) {
  if (complete_ == message) complete_ = messages_.end();
  bytes_ -= message->bytes.size();
  by_key_.erase(message->key);
  messages_.erase(message);
}

}  // namespace tocsin::gelf
