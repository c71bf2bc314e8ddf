// Reads what comes behind the priority in every message that is not RFC 5424.
//
//   [front] time [zone] [year] SP [host SP] tag text
//   front  = ["123: "] ["router1: "] ["*" | "."]              Cisco: sequence number, origin, clock
//   time   = "Nov 21 02:51:52" with fraction or year, or RFC 3339 (rsyslog's ForwardFormat)
//   zone   = "UTC:" in front of '%'; year = "2026"            Cisco
//   tag    = name ":" | name "[" pid "]" [":"] | name SP      the last only behind a host
//
// RFC 3164 describes what was seen, it does not prescribe; so nothing here is an error: whatever
// is not understood belongs to the text. What is guessed, and how:
// - The first word behind a time is the host when it can be one (no ':' or '[' ends it) and
//   something follows it. Options::with_host says that there is none.
// - A word that only a blank ends names the program, as rsyslog and syslog-ng have it, but stays in
//   the text as well: it may be the text's first word.
// - Without a time there is no host, and only "name:" or "name[pid]" is a tag.
// - The year is the one that resolve() in timestamp.hpp finds.
// Threads: one for each reader of times, which does not change what is read.
// Cost:    one pass, no allocation.
// Source:  RFC 3164 sections 4.1 and 5; captures in tests/data/syslog.
#pragma once

#include <string_view>

#include "ingest/syslog/message.hpp"
#include "ingest/syslog/options.hpp"
#include "ingest/syslog/timestamp.hpp"

namespace tocsin::syslog {

// Precondition: a cleared message (the priority may be set); `times` is used with these options
// only.
void read_rfc3164(std::string_view text, const Options& options, TimePoint received,
                  BsdTimeReader& times, Message& message);

}  // namespace tocsin::syslog
