// Reads one Event of Riemann's protocol.
//
//    1 time            varint   int64, seconds
//    2 state           bytes
//    3 service         bytes
//    4 host            bytes
//    5 description     bytes
//    7 tags            bytes    repeated
//    8 ttl             fixed32  float, seconds
//    9 attributes      bytes    repeated: 1 key, 2 value, both bytes
//   10 time_micros     varint   int64, microseconds
//   13 metric_sint64   varint   zigzag: 0, -1, 1, -2, ...
//   14 metric_d        fixed64  double
//   15 metric_f        fixed32  float
//
// The State of the oldest clients has the same fields, and 6 `once`, which is skipped as every
// field is that is not known, or known with another wire type. Of a repeated single field the last
// counts. time_micros wins over time (collectd sends garbage as time); of several metrics sint64
// wins over d, and d over f.
// Output:  an EventView into the record and into the reader: valid until the next read().
// Errors:  Refusal; nothing of a refused event counts.
// Cost:    one pass; allocates only for text that is no UTF-8.
// Memory:  as many tags and attributes as the options allow, 16 and 32 bytes each.
// Source:  proto.proto of riemann-java-client; docs/formats/riemann.md.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "ingest/riemann/options.hpp"
#include "ingest/riemann/text_mender.hpp"
#include "ingest/riemann/wire_reader.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/event.hpp"

namespace tocsin::riemann {

class EventReader {
 public:
  // `options` outlives the reader.
  explicit EventReader(const Options& options);

  // The event, or null: see refusal(). `peer`: origin.peer as text; may be empty.
  [[nodiscard]] const EventView* read(std::string_view record, const Origin& origin,
                                      std::string_view peer);
  [[nodiscard]] const Refusal& refusal() const noexcept { return refusal_; }

 private:
  struct Numbers;
  struct Usual {
    std::string_view rest;  // what is left of the record
    bool is_ascii = false;  // the texts that were read
  };

  void clear() noexcept;
  [[nodiscard]] Usual read_usual_fields(std::string_view record, Numbers& numbers);
  [[nodiscard]] bool read_fields(std::string_view record, Numbers& numbers);
  [[nodiscard]] bool read_attribute(std::string_view record);
  void add_attribute(std::string_view key, std::string_view value) noexcept {
    attributes_[attribute_count_++] = {key, value};
  }
  void mend_texts(std::size_t record_bytes);
  [[nodiscard]] bool set_time(std::string_view record, const Numbers& numbers, TimePoint received);
  [[nodiscard]] bool set_ttl(const Numbers& numbers);
  void set_metric(const Numbers& numbers);
  bool refuse(RejectCause cause, const char* at, std::string_view text) noexcept {
    refusal_ = {cause, at, text};
    return false;
  }

  const Options& options_;

  // Of the event that is being read.
  EventView event_;
  std::vector<std::string_view> tags_;  // the first tag_count_; as many places as ever needed
  std::vector<AttributeView> attributes_;
  std::size_t tag_count_ = 0;
  std::size_t attribute_count_ = 0;
  TextMender mender_;
  Refusal refusal_;
};

}  // namespace tocsin::riemann
