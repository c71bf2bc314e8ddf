// Decodes Riemann messages.
// Input:   one Msg: a datagram, or a frame of a TCP stream without its length (FramingKind
//          kBigLength32 cuts them):
//              2 ok  3 error   ignored; they are for clients
//              4 states        events of the oldest clients, repeated
//              5 query         1 string
//              6 events        repeated
// Output:  each event at once, in their order; then Options::on_message hears what became of the
//          Msg. kAccepted means that the pipeline has every event, not that somebody looked at it.
// Full:    decode() then stops before the event that was not taken. What is left of a Msg is a Msg
//          again, but the outcome is that of the whole. A datagram listener that does not want to
//          wait may alternate: decode, drop, decode the rest; every decode after a drop moves on.
// Threads: one decoder per ingest thread or connection; holds no shared state.
// Errors:  Intake::reject per bad event or query; the others of the Msg live. Bytes in which no
//          field can be found are one more, and end the Msg. Offsets count from its beginning.
// Cost:    one pass; an event with two tags and two attributes takes some 620 instructions, 85 to
//          130 ns (bench/micro/riemann_bench.cpp), and more where its fields do not stand in
//          the order of their numbers. Allocates only for what is refused, for queries and for text
//          that is no UTF-8.
// Source:  docs/formats/riemann.md.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ingest/riemann/event_reader.hpp"
#include "ingest/riemann/options.hpp"
#include "ingest/riemann/wire_reader.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::riemann {

class Decoder final : public tocsin::Decoder {
 public:
  // `intake` must outlive the decoder.
  Decoder(Options options, Intake& intake);
  Decoder(const Decoder&) = delete;  // the reader looks at these options
  Decoder& operator=(const Decoder&) = delete;

  // An empty Msg is one as well: it has an outcome.
  [[nodiscard]] std::size_t decode(std::string_view bytes, const Origin& origin) override;
  [[nodiscard]] bool flush() override { return true; }  // nothing is ever buffered
  void drop() override { event_may_go_ = event_waits_; }

 private:
  // What is known of the Msg that is being read; outlives one decode() when the pipeline is full.
  struct Message {
    std::size_t bytes_before = 0;  // taken by earlier calls
    std::size_t events = 0;
    std::size_t refused = 0;  // events, and what else could not be read
    std::size_t lost = 0;     // events that a full pipeline did not take
    std::string first_refusal;
    std::string query;
    bool has_query = false;
  };

  bool take_event(std::string_view record, std::string_view bytes, const Origin& origin);
  std::size_t wait_before(const char* field, std::string_view bytes) noexcept;
  void take_query(std::string_view record, std::string_view bytes);
  void reject(const Refusal& refusal, std::string_view record, std::string_view bytes);
  void finish_message();
  [[nodiscard]] std::string refusal_text() const;
  void name_peer(const Peer& peer);

  // Fixed after construction.
  const Options options_;
  Intake& intake_;

  EventReader reader_;
  Message message_;
  Peer peer_;  // whose text is peer_text_
  std::string peer_text_;
  bool event_waits_ = false;   // the last decode stopped at an event that the intake did not take
  bool event_may_go_ = false;  // drop() was called for it: the next one refused is given up
};

}  // namespace tocsin::riemann
