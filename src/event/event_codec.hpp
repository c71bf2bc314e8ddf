// Events as MessagePack maps: the form that leaves the process (docs/formats/event.md).
// Input:   any bytes. Unknown keys are skipped, absent ones keep their defaults.
// Output:  decode_event(encode_event(e)) == e for every normal event (see event_access.hpp).
// Errors:  kSyntax, kRange (a known key with a value of the wrong type), kDuplicate, kLimit;
//          `where` is the byte offset.
#pragma once

#include <string>
#include <string_view>

#include "src/event/msgpack_io.hpp"
#include "tocsin/event.hpp"
#include "tocsin/result.hpp"

namespace tocsin::event {

void encode_event(const Event& event, std::string& out);  // appends
[[nodiscard]] std::string encode_event(const Event& event);

// The event is brought to normal form.
[[nodiscard]] Result<Event> decode_event(std::string_view bytes, const UnpackLimits& limits = {});

}  // namespace tocsin::event
