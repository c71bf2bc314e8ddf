// The Msg by which a server answers: 2 ok, 3 error, and 6 events when a query was asked.
// Source:  docs/formats/riemann.md, "Replies".
#pragma once

#include <string>
#include <string_view>

#include "tocsin/result.hpp"

namespace tocsin::riemann {

// What a forwarder must know of an answer. Its events, if any, are read by a Decoder.
struct Reply {
  bool ok = false;         // a Msg that does not say so is no confirmation
  std::string_view error;  // as received; views the Msg
};

// Errors: kSyntax when the bytes are no Msg, with "offset N".
[[nodiscard]] Result<Reply> parse_reply(std::string_view msg);

// Append to the bytes of a Msg.
void append_ok(std::string& msg);
void append_error(std::string_view text, std::string& msg);

}  // namespace tocsin::riemann
