// Decodes syslog messages into events: RFC 5424, and RFC 3164 as it really occurs.
// Input:   one message: a datagram, a frame (listen::FramingKind::kSyslog), the data of a RELP
//          frame. CR, LF and NUL at its end are not part of it; a message of nothing else is
//          skipped. 'z' and zlib data is a compressed message (rsyslog).
//
//            ["<" 0..191 ">"] (RFC 5424, see rfc5424.hpp | anything else, see rfc3164.hpp)
//
//          Without a priority it is 13 and all of the message is text.
// Output:  one event: time (or that of arrival), host, service = program, state by severity,
//          description = text; attributes ingest, peer, facility, severity, procid, msgid,
//          sd.ID.NAME, malformed.
// Full:    decode() returns 0 and the message is offered again; after drop() it is given up.
// Threads: one decoder per ingest thread or connection; holds no shared state.
// Errors:  Intake::reject for what is too long and for broken compression. A header that cannot be
//          read does not lose its text: the attribute `malformed` says what was wrong.
// Cost:    one pass; about 190 ns for RFC 5424 with three parameters; allocates nothing once it has
//          seen its largest message.
// Source:  docs/formats/syslog.md.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "ingest/syslog/message.hpp"
#include "ingest/syslog/options.hpp"
#include "ingest/syslog/peer_name.hpp"
#include "ingest/syslog/scratch.hpp"
#include "ingest/syslog/text.hpp"
#include "ingest/wire/inflate.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/event.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::syslog {

class Decoder final : public tocsin::Decoder {
 public:
  // `intake` must outlive the decoder.
  Decoder(Options options, Intake& intake);

  [[nodiscard]] std::size_t decode(std::string_view bytes, const Origin& origin) override;
  [[nodiscard]] bool flush() override { return true; }
  void drop() override;

 private:
  [[nodiscard]] std::string_view inflate(std::string_view record);
  void read_message(std::string_view record, TimePoint received);
  [[nodiscard]] bool hand_over(std::string_view record, const Origin& origin);
  void make_room(std::string_view record);
  void add_parameters();
  void add_repetition(std::size_t index);
  void add(std::string_view key, std::string_view value) {
    // In place: see Message::clear().
    AttributeView& attribute = attributes_[attribute_count_++];
    attribute.key = key;
    attribute.value = value;
  }
  [[nodiscard]] std::string_view cleaned(std::string_view text, Cleaning cleaning) {
    return is_plain_ ? text : cleaned_slowly(text, cleaning);
  }
  [[nodiscard]] std::string_view cleaned_slowly(std::string_view text, Cleaning cleaning);
  [[nodiscard]] std::string_view presentable_text();
  [[nodiscard]] std::string_view unescaped(std::string_view value);
  void write(std::string_view text, Cleaning cleaning) {
    return is_plain_ ? scratch_.add(text) : write_slowly(text, cleaning);
  }
  void write_slowly(std::string_view text, Cleaning cleaning);

  // Fixed after construction.
  const Options options_;
  Intake& intake_;
  const Cleaning cleaning_of_text_;

  // Of the message at hand; they keep their memory.
  Message message_;
  std::vector<AttributeView> attributes_;  // the first attribute_count_ are of this message
  std::size_t attribute_count_ = 0;
  Scratch scratch_;
  bool is_plain_ = false;  // the record is printable ASCII: nothing to clean

  PeerName peer_name_;
  wire::Inflater inflater_;
  std::vector<char> inflated_;  // max_message_bytes and one, from the first compressed message on

  bool event_waits_ = false;   // the last decode ended at an event that the intake did not take
  bool event_may_go_ = false;  // drop() was called for it: the next one refused is given up
};

}  // namespace tocsin::syslog
