// Decodes GELF messages into events.
//   message := JSON object | zlib data of one | gzip data of one       told by the first bytes
//   chunk   := see chunk_assembler.hpp, of a message
// Input:   a datagram, which is a message or a chunk; a frame of a stream
//          (listen::FramingKind::kNul); or the body of an HTTP request. NUL, CR and LF at its end
//          are not part of it; one of nothing else is skipped.
// Output:  one event per message, MessageFields says which; attributes ingest = "gelf" and peer.
// Record:  a message, in however many chunks it comes; chunk_assembler.hpp has the rest.
// Full:    decode() returns 0 and the datagram is offered again; after drop() it is given up.
// Errors:  Intake::reject for what is no message, too long or damaged, and for messages of which
//          chunks are missing when their time is over.
// Threads: one decoder per ingest thread or connection; holds no shared state. A message in chunks
//          is found only when one decoder gets them all, as with SO_REUSEPORT and one socket per
//          message.
// Cost:    some 700 ns for a plain message of 200 bytes, 5 us for a compressed one; allocates
//          nothing for messages in one datagram once it has seen its largest.
// Source:  docs/formats/gelf.md.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "ingest/gelf/chunk_assembler.hpp"
#include "ingest/gelf/message_fields.hpp"
#include "ingest/gelf/options.hpp"
#include "ingest/json/event_writer.hpp"
#include "ingest/json/object_reader.hpp"
#include "ingest/wire/inflate.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::gelf {

class Decoder final : public tocsin::Decoder {
 public:
  // `intake` must outlive the decoder.
  Decoder(Options options, Intake& intake);
  Decoder(const Decoder&) = delete;  // the assembler tells this one what is lost
  Decoder& operator=(const Decoder&) = delete;

  [[nodiscard]] std::size_t decode(std::string_view bytes, const Origin& origin) override;
  [[nodiscard]] bool flush() override { return true; }
  void drop() override { writer_.drop(); }

  // Counts messages whose chunks are missing for too long at `now` as rejected. The next chunk does
  // it anyway: for listeners that may get none for long.
  void expire(TimePoint now) { chunks_.expire(now); }

 private:
  [[nodiscard]] bool take_chunk(std::string_view datagram, const Origin& origin);
  [[nodiscard]] bool take_message(std::string_view message, const Origin& origin);
  [[nodiscard]] std::optional<std::string_view> inflate(std::string_view message);

  // Fixed after construction.
  const Options options_;
  Intake& intake_;

  ChunkAssembler chunks_;
  wire::Inflater inflater_;
  std::vector<char> inflated_;  // grows to the largest message; max_message_bytes and one at most
  json_lines::ObjectReader object_;
  MessageFields fields_;
  json_lines::EventWriter writer_;
};

}  // namespace tocsin::gelf
