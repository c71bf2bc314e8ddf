// Escapes of a command line, which has no room for LF: "\n" is LF, "\\" is a backslash, and any
// other backslash stands for itself.
// Source:  Nagios Core 4, parse_check_output() for passive results.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tocsin::nagios {

// How many bytes at `at` of `escaped` stand for one.
[[nodiscard]] inline std::size_t escape_length(std::string_view escaped, std::size_t at) noexcept {
  if (escaped[at] != '\\' || at + 1 == escaped.size()) return 1;
  return escaped[at + 1] == 'n' || escaped[at + 1] == '\\' ? 2 : 1;
}

// The text that `escaped` means: itself when there are no escapes, else written to `out`.
[[nodiscard]] inline std::string_view unescape(std::string_view escaped, std::string& out) {
  if (escaped.find('\\') == std::string_view::npos) return escaped;
  out.clear();
  for (std::size_t at = 0; at < escaped.size();) {
    const std::size_t length = escape_length(escaped, at);
    out += length == 2 && escaped[at + 1] == 'n' ? '\n' : escaped[at];
    at += length;
  }
  return out;
}

// Where in `escaped` the byte at `offset` of the unescaped text comes from.
[[nodiscard]] inline std::size_t escaped_offset(std::string_view escaped,
                                                std::size_t offset) noexcept {
  std::size_t at = 0;
  for (; offset > 0 && at < escaped.size(); --offset) at += escape_length(escaped, at);
  return at;
}

}  // namespace tocsin::nagios
