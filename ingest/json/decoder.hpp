// Decodes JSON lines into events: logs of programs, and events that Tocsin itself wrote.
//   line   := object | array | text        LF (or CR LF) ends it; blank lines are skipped
//   array  := "[" object ("," object)* "]"
//   body   := line* | array | object       with Options::whole_bodies: array and object may run
//                                          over several lines, and objects may follow one another
// Input:   whole lines, one or more (listen::FramingKind::kLines), or a body.
// Output:  one event per object, EventFields says which; attributes ingest = "json" and peer. An
//          object that Tocsin wrote (api::append_json) becomes the event that it was. A line that
//          is no object becomes the description of an event; when it begins like one, the attribute
//          `malformed` says so.
// Record:  an object; a line that is none; in an array, what stands between objects.
// Full:    decode() stops before the record that was refused and goes on there; after drop() it is
//          given up.
// Errors:  Intake::reject for what exceeds a limit, and for a broken object of an array, whose end
//          is found by its brackets and quotes.
// Threads: one decoder per ingest thread or connection; holds no shared state.
// Cost:    0.7 to 1 us for a log line of 200 bytes; allocates nothing once it has seen its largest.
// Source:  docs/formats/json.md.
#pragma once

#include <cstddef>
#include <string_view>

#include "ingest/json/event_fields.hpp"
#include "ingest/json/event_writer.hpp"
#include "ingest/json/object_reader.hpp"
#include "ingest/json/options.hpp"
#include "ingest/json/utf8_text.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::json_lines {

class Decoder final : public tocsin::Decoder {
 public:
  // `intake` must outlive the decoder.
  Decoder(Options options, Intake& intake);

  [[nodiscard]] std::size_t decode(std::string_view bytes, const Origin& origin) override;
  [[nodiscard]] bool flush() override { return true; }
  void drop() override { writer_.drop(); }

 private:
  // Each returns how many bytes it is done with; fewer than there are: the intake is full.
  [[nodiscard]] std::size_t take_line(std::string_view bytes, std::size_t offset,
                                      const Origin& origin);
  [[nodiscard]] std::size_t take_values(std::string_view bytes, std::size_t offset,
                                        const Origin& origin);
  // False: the intake is full.
  [[nodiscard]] bool take_text_line(std::string_view line, std::size_t offset,
                                    const Origin& origin);
  [[nodiscard]] bool take_object(std::string_view object, std::size_t offset, const Origin& origin);
  [[nodiscard]] bool write_object(const Origin& origin);
  [[nodiscard]] bool is_of_values(std::string_view body);
  void refuse(ObjectReader::Status status, std::string_view object, std::size_t offset);

  // Fixed after construction.
  const Options options_;
  Intake& intake_;

  ObjectReader object_;
  EventFields fields_;
  EventWriter writer_;
  Utf8Text text_;
  bool is_open_ = false;   // the last decode() did not take everything
  bool in_body_ = false;   // what is left then is values, not lines
  bool in_array_ = false;  // the same for the rest of a line
};

}  // namespace tocsin::json_lines
