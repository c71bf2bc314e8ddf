// Turns errno into the project's Error, with the system's own words.
// Threads: safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "tocsin/result.hpp"

namespace tocsin::base {

// The system's text for `error_number`, e.g. "Address already in use".
[[nodiscard]] std::string errno_text(int error_number);

// Errc::kIo with the text "<action>: <errno text>". `where`: the address, path or file it concerns.
[[nodiscard]] Error system_error(std::string_view where, std::string_view action, int error_number);

}  // namespace tocsin::base
