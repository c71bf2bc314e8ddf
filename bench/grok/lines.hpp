// Log lines to take apart: what web servers and syslog daemons write, lines that only look like it,
// and lines of one candidate among many.
// Source:  reference of the grok filter, section 8 (access log: shares of methods, paths, statuses
//          and agents; 198 bytes on average) and section 7 (syslog: 107 bytes; lists of
//          candidates).
// The same seed gives the same lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tocsin::bench::grok {

using Lines = std::vector<std::string>;

// The combined format.
[[nodiscard]] Lines access_lines(std::size_t count, std::uint32_t seed);

// The same without the last quote, or with another opening quote of the request: by turns.
[[nodiscard]] Lines access_near_misses(std::size_t count, std::uint32_t seed);

// An application's JSON: of another format, with quotes and brackets in it.
[[nodiscard]] Lines json_lines(std::size_t count, std::uint32_t seed);

// RFC 3164 without a priority.
[[nodiscard]] Lines syslog_lines(std::size_t count, std::uint32_t seed);

// The same with the colon behind the program missing, or the seconds: by turns.
[[nodiscard]] Lines syslog_near_misses(std::size_t count, std::uint32_t seed);

// `kinds` expressions on syslog lines that differ in the text behind SYSLOGBASE, and lines that
// match the expression of the last kind.
[[nodiscard]] std::vector<std::string> candidate_expressions(std::size_t kinds);
[[nodiscard]] Lines lines_of_last_candidate(std::size_t kinds, std::size_t count,
                                            std::uint32_t seed);

}  // namespace tocsin::bench::grok
