// Any bytes through the syslog decoder, its framing and RELP. Properties: those of invariants.hpp
// for a message; frames and RELP messages are the same however a stream is split, and so are the
// answers.
// Input:   the first byte chooses what is tried and with which options, the rest is the message or
//          the stream.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/listen/framing.hpp"
#include "ingest/syslog/relp.hpp"
#include "tests/unit/ingest/syslog/invariants.hpp"

namespace {

namespace listen = tocsin::listen;
using tocsin::syslog::RelpServer;

constexpr std::size_t kMaxRecord = 200;

void require(bool holds) {
  if (!holds) std::abort();
}

// What a stream held.
struct Read {
  std::vector<std::string> records;
  std::string replies;
  std::size_t oversized = 0;
  bool fault = false;

  friend bool operator==(const Read&, const Read&) = default;
};

// Receives `stream` in portions and calls `advance(buffered, ended)` after each; that returns how
// many bytes it is done with, 0 when it needs more.
void receive(std::string_view stream, std::size_t portion, std::size_t capacity, auto advance) {
  std::string buffered;
  for (bool ended = false; !ended;) {
    const std::size_t size = std::min({portion, stream.size(), capacity - buffered.size()});
    buffered += stream.substr(0, size);
    stream.remove_prefix(size);
    ended = size == 0;
    require(!ended || stream.empty());  // a full buffer that yields nothing never moves on
    while (const std::size_t done = advance(std::string_view(buffered), ended)) {
      require(done <= buffered.size());
      buffered.erase(0, done);
    }
  }
}

Read read_frames(std::string_view stream, std::size_t portion) {
  Read read;
  const auto framing = listen::make_framing(listen::FramingKind::kSyslog, kMaxRecord);
  receive(stream, portion, listen::least_buffer(kMaxRecord),
          [&](std::string_view buffered, bool ended) -> std::size_t {
            listen::Cut cut = framing->cut(buffered, ended);
            if (cut.kind == listen::Cut::Kind::kOversized) {
              ++read.oversized;
              cut = framing->cut(buffered, ended);
              require(cut.kind == listen::Cut::Kind::kSkip);
            }
            if (cut.kind == listen::Cut::Kind::kNeedMore) return 0;
            if (cut.kind == listen::Cut::Kind::kRecords && cut.body > 0) {
              require(cut.body <= kMaxRecord + 1);  // the terminator of a line
              read.records.emplace_back(buffered.substr(cut.head, cut.body));
            }
            require(cut.head + cut.body > 0);
            return cut.head + cut.body;
          });
  return read;
}

Read read_relp(std::string_view stream, std::size_t portion) {
  using Kind = RelpServer::Step::Kind;
  Read read;
  RelpServer server(kMaxRecord);
  bool over = false;
  receive(stream, portion, RelpServer::least_buffer(kMaxRecord),
          [&](std::string_view buffered, bool) -> std::size_t {
            if (over) return buffered.size();
            RelpServer::Step step = server.step(buffered, read.replies);
            if (step.kind == Kind::kRefused) {
              ++read.oversized;
              step = server.step(buffered, read.replies);
              require(step.kind == Kind::kSkipped);
            }
            if (step.kind == Kind::kNeedMore) return 0;
            if (step.kind == Kind::kMessage) {
              require(step.message.size() <= kMaxRecord);
              read.records.emplace_back(step.message);
              server.acknowledge(read.replies);
            }
            over = step.kind == Kind::kClosed || step.kind == Kind::kFault;
            if (step.kind == Kind::kFault) {
              require(!step.text.empty() && step.consumed <= buffered.size());
              read.fault = true;
              return buffered.size();
            }
            require(step.consumed > 0);
            return step.consumed;
          });
  return read;
}

tocsin::syslog::Options choose_options(std::uint8_t byte) {
  tocsin::syslog::Options options;
  if ((byte & 0x04) != 0) options.with_host = false;
  if ((byte & 0x08) != 0) options.default_host = "vm";
  if ((byte & 0x10) != 0) options.bare_tags = false;
  if ((byte & 0x20) != 0) options.escape_controls = true;
  if ((byte & 0x40) != 0) options.trim_text = true;
  if ((byte & 0x80) != 0) options.max_message_bytes = 100;
  return options;
}

void try_message(std::uint8_t choice, std::string_view message) {
  const tocsin::syslog::Options options = choose_options(choice);
  tocsin::Origin origin;
  origin.received = tocsin::TimePoint(std::chrono::seconds(1795230000));
  origin.peer.family = tocsin::Peer::Family::kUnix;
  tocsin::syslog::testing::LongLived long_lived(options);
  // Something to remember: a message with everything, and a compressed one's traces.
  const std::string_view before = "<9>1 2026-11-21T02:51:52Z h a p m [i n=\"v\\\"\" n=\"w\"] t\xFF";
  require(long_lived.decoder.decode(before, origin) == before.size());
  require(tocsin::syslog::testing::broken_invariant(message, origin, options, long_lived).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  switch (bytes[0] & 3) {
    case 0:
      require(read_frames(input, 1) == read_frames(input, 50));
      break;
    case 1:
      require(read_relp(input, 1) == read_relp(input, 50));
      break;
    default:
      try_message(bytes[0], input);
  }
  return 0;
}
