// Writes events as Riemann's clients and server do: for answers to queries, and to forward them.
// Output:  a field of a Msg. Fields one after the other are a Msg of many events, and such pieces,
//          whoever wrote them, one after the other as well.
// Loses:   time below a microsecond; ttl beyond the 24 bits of a float.
// Source:  proto.proto of riemann-java-client; event_reader.hpp has the table of fields.
#pragma once

#include <string>
#include <string_view>

#include "tocsin/event.hpp"

namespace tocsin::riemann {

// Appends `event` to the bytes of a Msg. Empty texts are left out. The time is said twice, in
// seconds for old readers and in microseconds; a metric once, as integer or as double.
void append_event(const EventView& event, std::string& msg);

// Appends what TCP carries: the length of `msg`, u32 big-endian, and `msg`.
// Precondition: msg.size() < 2^32.
void append_frame(std::string_view msg, std::string& out);

}  // namespace tocsin::riemann
