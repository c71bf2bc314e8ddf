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
// Cost:    RFC 5424 with three parameters of names seen before takes some 1100 instructions, 95 to
//          200 ns (bench/micro/syslog_bench.cpp). Allocates nothing once it has seen its largest
//          message.
// Source:  docs/formats/syslog.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ingest/syslog/data_shapes.hpp"
#include "ingest/syslog/message.hpp"
#include "ingest/syslog/options.hpp"
#include "ingest/syslog/peer_name.hpp"
#include "ingest/syslog/scratch.hpp"
#include "ingest/syslog/text.hpp"
#include "ingest/syslog/timestamp.hpp"
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
  void read_data(std::string_view rest);
  [[nodiscard]] bool hand_over(std::string_view record, const Origin& origin);
  void make_room(std::string_view record);
  void clean_known();
  void add_parameters();
  [[nodiscard]] char* write_repetition(const Parameter& parameter, char* out) const noexcept;
  [[nodiscard]] std::string_view value_of(const Parameter& parameter);
  [[nodiscard]] std::string_view cleaned(std::string_view text, Cleaning cleaning) {
    return is_plain_ ? text : cleaned_slowly(text, cleaning);
  }
  [[nodiscard]] std::string_view cleaned_slowly(std::string_view text, Cleaning cleaning);
  [[nodiscard]] std::string_view presentable_text();
  [[nodiscard, gnu::always_inline]] char* write(std::string_view text, Cleaning cleaning,
                                                char* out) const noexcept {
    return is_plain_ ? copy_short(text, out) : write_clean(text, cleaning, out);
  }

  // Fixed after construction.
  const Options options_;
  Intake& intake_;
  const Cleaning cleaning_of_text_;

  // Of the message at hand; they keep their memory.
  Message message_;
  EventView event_;  // metric, tags and ttl stay empty
  std::vector<AttributeView> attributes_;
  DataShapes shapes_;
  std::size_t known_ = 0;  // attributes that structured data of a known shape became
  Scratch scratch_;
  bool is_plain_ = false;  // the record is printable ASCII: nothing to clean

  IsoTimeReader iso_times_;
  BsdTimeReader bsd_times_;
  PeerName peer_name_;
  wire::Inflater inflater_;
  std::vector<char> inflated_;  // max_message_bytes and one, from the first compressed message on

  bool event_waits_ = false;   // the last decode ended at an event that the intake did not take
  bool event_may_go_ = false;  // drop() was called for it: the next one refused is given up
};

}  // namespace tocsin::syslog
