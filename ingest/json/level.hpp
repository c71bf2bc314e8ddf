// The level of a log line as a state word.
//   0 to 7             syslog's severities, by syslog's table
//   10, 20, ... 60     the levels of pino and bunyan: trace, debug, info, warn, error, fatal
//   words, in any case emerg(ency), panic, alert, crit(ical), fatal, severe, err(or): critical;
//                      warn(ing): warning; notice, info, information(al), debug, trace, verbose,
//                      ok: ok
// Source:  RFC 5424 section 6.2.1; the words of syslog, log4j, Python, Go and .NET loggers.
#pragma once

#include <string_view>

namespace tocsin::json_lines {

// Empty: no level that is known.
[[nodiscard]] std::string_view state_of_level(std::string_view level) noexcept;

}  // namespace tocsin::json_lines
