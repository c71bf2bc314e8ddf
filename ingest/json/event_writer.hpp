// EventWriter: adds to an event what every input says of its own, and hands it over.
//   attributes   first those that were added, then ingest and peer, which stand against others of
//                that name
//   host         when none is said, the default or the sender's address; service alike
// Full:    write() returns false and the same record is offered again; after drop() it is given up.
// Threads: one per decoder.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/syslog/peer_name.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/event.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::json_lines {

class EventWriter {
 public:
  struct Defaults {
    std::string ingest;  // the name of the protocol
    std::string host;    // empty: the sender's address
    std::string service;
  };

  // `intake` must outlive the writer.
  EventWriter(Defaults defaults, Intake& intake);

  // Forgets the attributes of the event before.
  void clear() noexcept { attributes_.clear(); }
  void add(std::string_view key, std::string_view value) { attributes_.push_back({key, value}); }

  // Attributes of `event` are those that were added. False: the intake is full.
  [[nodiscard]] bool write(EventView event, const Origin& origin);
  // The same for an event that came through an input of Tocsin before: nothing is added.
  [[nodiscard]] bool write_unchanged(EventView event);

  // The event that was refused last, if it is offered again and refused again, is given up.
  void drop() noexcept { may_go_ = waits_; }

 private:
  // Fixed after construction.
  const Defaults defaults_;
  Intake& intake_;

  std::vector<AttributeView> attributes_;
  syslog::PeerName peer_name_;
  bool waits_ = false;   // the last event was refused
  bool may_go_ = false;  // drop() was called for it
};

}  // namespace tocsin::json_lines
