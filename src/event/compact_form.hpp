// Events and identities as bytes that cross a ring between two of our threads.
//
//   text      = length (varint), bytes
//   identity  = kind (1), host, service, tag count (varint), tags, attribute count, (key, value)*
//   event     = flags (1), time (8), [metric (8)], [ttl (8)], host, service, state, description,
//               tag count, tags, attribute count, (key, value)*
//   varint    = 7 bits per byte, lowest first, high bit = more follow; the shortest form only
//   numbers   = little endian; flags: bits 0-1 metric (0 none, 1 integer, 2 double), bit 2 ttl
//
// Each value has exactly one form, which makes the identity's also its canonical form for hashing.
// An event's tags and attributes travel in the order in which they were given. Why not MessagePack:
// no key names to write, compare and skip: parsing an event takes a quarter of the time
// (docs/decisions/0011).
// Errors: kSyntax with the offset; no count or length allocates more than the bytes behind it
//         could hold.
// Cost:   one pass; append_* only grows the string.
#pragma once

#include <string>
#include <string_view>

#include "tocsin/event.hpp"
#include "tocsin/identity.hpp"
#include "tocsin/result.hpp"

namespace tocsin::event {

void append_identity(const Identity& identity, std::string& out);
[[nodiscard]] Result<Identity> parse_identity(std::string_view bytes);

void append_event(const Event& event, std::string& out);
void append_event(const EventView& event, std::string& out);
// What a view was written from may have to be brought to normal form (event_access.hpp).
[[nodiscard]] Result<Event> parse_event(std::string_view bytes);

// The entries of fixed place, without reading the rest.
struct EventHead {
  TimePoint time{};
  Metric metric;
  std::optional<std::chrono::nanoseconds> ttl;
};
// Precondition: bytes that append_event wrote.
[[nodiscard]] EventHead event_head(std::string_view bytes);

}  // namespace tocsin::event
