// Reads an RFC 5424 message, from behind its priority.
//
//   "1" SP time SP host SP app SP procid SP msgid SP data [SP text]      "-": not said
//   data  = "-" | ("[" id (SP name "=" DQUOTE value DQUOTE)* "]")+       \" \\ \] in values
//
// A fault in front of the text does not lose the text: it begins where the header cannot be read
// any further, and Message::malformed says so.
// Threads: pure functions.
// Cost:    one pass, no allocation but the growth of Message::parameters. Half of it is structured
//          data, which DataShapes spares where the same was read before.
// Source:  RFC 5424 sections 6.2 to 6.4. Departures: names up to kMaxNameBytes; no version but 1;
//          ']' may stand unescaped in a value; more than one blank may separate parameters;
//          structured data may be left out altogether.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ingest/syslog/message.hpp"
#include "ingest/syslog/timestamp.hpp"

namespace tocsin::syslog {

// Whether `text`, what follows a priority, begins as RFC 5424 messages do: version 1, and then a
// time or "-".
[[nodiscard]] bool begins_rfc5424(std::string_view text) noexcept;

// Reads the header and returns what stands behind it; a null view: it cannot be read to its end,
// and the message was given its text.
// Precondition: begins_rfc5424(text), and a cleared message (the priority may be set).
[[nodiscard]] std::string_view read_rfc5424_header(std::string_view text, IsoTimeReader& times,
                                                   Message& message) noexcept;

// Reads the structured data at the front of `rest`, and the text behind it.
void read_rfc5424_data(std::string_view rest, std::size_t max_parameters, Message& message);

// Reads the text from behind the structured data. False: something else stands there.
[[nodiscard]] bool read_rfc5424_text(std::string_view rest, Message& message) noexcept;

// Writes `value` without its escapes to `out`, which has room for value.size() bytes, and returns
// the end of what was written. A backslash in front of any other character stands for itself.
[[nodiscard]] char* unescape_value(std::string_view value, char* out) noexcept;

}  // namespace tocsin::syslog
