// EventFields: which members of a JSON object make the event, and which are its attributes.
//   time         time, ts, timestamp, @timestamp
//   state        state; else the level: level, severity, lvl, log.level, PRIORITY
//   description  message, msg, short_message, description
//   host         host, hostname, host.name
//   service      service, app, program, logger, service.name
//   metric       metric, value, when a number
//   ttl          ttl, a number of seconds
//   tags         tags, an array of texts
//   attributes   the members of `attributes`, and all others. The level stays one, as it was sent
// Of each line the first that is usable counts, whatever stands first in the object; the others
// become attributes. Names count in lower and upper case, except PRIORITY (of syslog-ng and
// journald), which in lower case is rarely a level. An integer beyond 64 bits is the metric rounded
// and an attribute exactly.
// Threads: one per decoder.
// Cost:    a few nanoseconds per member.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "ingest/json/event_writer.hpp"
#include "ingest/json/object_reader.hpp"
#include "tocsin/event.hpp"

namespace tocsin::json_lines {

class EventFields {
 public:
  // The names whose members the reader has to treat as said above.
  static constexpr ObjectReader::Names kNames = {"attributes", "tags"};

  // Sets what `fields` say in `event` and adds the attributes to `writer`.
  void fill(std::span<const Field> fields, EventView& event, EventWriter& writer);

  // Whether the last object's `attributes` said through which input of Tocsin it came: then it is
  // an event that Tocsin wrote, and complete.
  [[nodiscard]] bool is_relayed() const noexcept { return is_relayed_; }

 private:
  static constexpr std::size_t kMostNames = 32;

  void put(std::size_t name, const Field& field, EventWriter& writer);

  std::array<const Field*, kMostNames> found_{};  // by name; only those in found_mask_
  std::uint32_t found_mask_ = 0;
  bool is_relayed_ = false;
};

}  // namespace tocsin::json_lines
