// Facts as JSON text, one object a line where lines are wanted (NDJSON).
// Numbers keep their digits: integers as integers, doubles as the shortest text that reads back the
// same. NaN and infinity, which JSON does not know, become null.
#pragma once

#include <string>
#include <string_view>

#include "tocsin/event.hpp"

namespace tocsin::api {

// {"time","host","service","state","metric","description","tags","ttl","attributes"}; what is
// absent is left out. Times and ttl in seconds, nanoseconds as decimals.
void append_json(const Event& event, std::string& out);

// A string in quotes, with everything escaped that must be; invalid UTF-8 is replaced.
void append_json(std::string_view text, std::string& out);
void append_json(double number, std::string& out);

// Seconds with as many decimals as the nanoseconds need: "1700000000.25".
void append_seconds(std::chrono::nanoseconds span, std::string& out);

}  // namespace tocsin::api
