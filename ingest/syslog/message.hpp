// Message: what the header of a syslog message says, and where its text is. Views the record.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ingest/syslog/priority.hpp"
#include "tocsin/event.hpp"

namespace tocsin::syslog {

// [id name="value"] of the structured data.
struct Parameter {
  std::string_view id;
  std::string_view name;   // empty: an element that has no parameters
  std::string_view value;  // as received
  bool escaped = false;    // `value` holds backslashes
};

// What could not be read, if something could not; the values of the attribute `malformed`.
namespace malformed {
inline constexpr std::string_view kPriority = "priority";
inline constexpr std::string_view kTimestamp = "timestamp";
inline constexpr std::string_view kHeader = "header";
inline constexpr std::string_view kStructuredData = "structured data";
}  // namespace malformed

// The longest name (host, program, process, message id; id and name in structured data) that is
// taken for one. RFC 5424 allows 255, 48, 128, 32 and 32, but programs in containers exceed theirs.
inline constexpr std::size_t kMaxNameBytes = 255;

// Empty views: not said.
struct Message {
  Priority priority;
  std::optional<TimePoint> time;
  std::string_view host;
  std::string_view app;
  std::string_view procid;
  std::string_view msgid;
  std::string_view data;  // structured data that has parameters
  std::vector<Parameter> parameters;
  std::string_view text;
  std::string_view malformed;

  // For the next message; keeps the memory. One by one: a whole new Message, and a chain of
  // assignments, would read bytes again that have not left the store buffer.
  void clear() noexcept {
    priority = {};
    time.reset();
    host = {};
    app = {};
    procid = {};
    msgid = {};
    data = {};
    text = {};
    malformed = {};
    parameters.clear();
  }
};

}  // namespace tocsin::syslog
