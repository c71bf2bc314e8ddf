// MessageFields: what the members of a GELF message are in its event.
//   host                  host
//   short_message         description; without it message or full_message
//   timestamp             time: seconds with decimals; what else JSON lines read as a time
//   level                 state, by syslog's table, and an attribute; without it Options says
//   facility, _facility   service; the first of them that is not empty
//   version               nothing: clients write 1.0 and 1.1 and mean the same
//   _x, and any other     attribute x; the underscore is not part of its name
// Lenient, because clients are: numbers may be texts, members may lack their underscore and hold
// objects (whose names get dots) or arrays (JSON text).
// Threads: one per decoder.
// Source:  GELF 1.1; the captures in tests/data/gelf.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "ingest/json/event_writer.hpp"
#include "ingest/json/object_reader.hpp"
#include "tocsin/event.hpp"

namespace tocsin::gelf {

class MessageFields {
 public:
  explicit MessageFields(std::optional<std::uint8_t> default_level)
      : default_level_(default_level) {}

  // Sets what `fields` say in `event` and adds the attributes to `writer`. False: no text at all.
  [[nodiscard]] bool fill(std::span<const json_lines::Field> fields, EventView& event,
                          json_lines::EventWriter& writer) const;

 private:
  const std::optional<std::uint8_t> default_level_;
};

}  // namespace tocsin::gelf
