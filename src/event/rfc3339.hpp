// Time as people and JSON write it: "2026-11-21T15:10:31.250Z", always UTC.
// Source: RFC 3339, section 5.6. The fraction has 0, 3, 6 or 9 digits: as few as lose nothing.
#pragma once

#include <string>

#include "tocsin/event.hpp"

namespace tocsin::event {

void append_rfc3339(TimePoint time, std::string& out);
[[nodiscard]] std::string rfc3339(TimePoint time);

}  // namespace tocsin::event
