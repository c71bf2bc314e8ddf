// Takes the output of a check plugin apart.
//   output := text [ "|" perfdata ] [ LF long_text [ "|" perfdata ] ]
//   DISK OK - free: 3326 MB | /=2643MB;5948;5958;0;5968
//   / 15272 MB (77%);
//   /boot 68 MB (69%); | /boot=68MB;88;93;0;98
//   /home=69357MB;253404;253409;0;253414
// The text is the first line; a "|" in the lines behind it begins more perfdata, to the end of all.
// Input:   any bytes; CR in front of LF is a blank.
// Output:  views into the input, without blanks around them.
// Source:  Nagios Core, "Plugin API".
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tocsin/event.hpp"

namespace tocsin::nagios {

struct PluginOutput {
  std::string_view text;
  std::string_view long_text;
  std::array<std::string_view, 2> perfdata;  // of the first line, of the others; may be empty
};

[[nodiscard]] PluginOutput split_output(std::string_view output) noexcept;

// `text` without blanks and LF around it.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

// 0 ok, 1 warning, 2 critical, 3 unknown; `otherwise` for any other exit code.
[[nodiscard]] std::string_view service_state(int code, std::string_view otherwise) noexcept;

// Of a host: 0 up is ok; 1 down and 2 unreachable are critical; the rest as above.
[[nodiscard]] std::string_view host_state(int code, std::string_view otherwise) noexcept;

}  // namespace tocsin::nagios
