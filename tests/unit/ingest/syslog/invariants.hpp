// What holds for every message, whatever its bytes are. For the mutation test and the fuzz target.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "ingest/statsd/text.hpp"
#include "ingest/syslog/decoder.hpp"
#include "src/event/utf8.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::syslog::testing {

// A decoder that lives on, so that it may remember what it should not.
struct LongLived {
  explicit LongLived(const Options& options) : decoder(options, intake) {}

  tocsin::testing::RecordingIntake intake;
  Decoder decoder;
};

inline bool is_presentable_name(std::string_view name) {
  return event::is_utf8(name) && std::none_of(name.begin(), name.end(), [](char c) {
           return static_cast<unsigned char>(c) < ' ' || c == '\x7F';
         });
}

// The message as text, when that takes no decompression.
inline std::string as_text(std::string_view message) {
  while (!message.empty() &&
         (message.back() == '\n' || message.back() == '\r' || message.back() == '\0')) {
    message.remove_suffix(1);
  }
  return statsd::to_utf8(message);
}

inline std::string broken_in_event(const Event& event, std::string_view message,
                                   const Options& options) {
  if (event.service.empty()) return "an event without a service";
  if (event.state != "ok" && event.state != "warning" && event.state != "critical") {
    return "state \"" + event.state + "\"";
  }
  if (!is_presentable_name(event.host)) return "a host that is not presentable";
  if (!is_presentable_name(event.service)) return "a service that is not presentable";
  if (!event::is_utf8(event.description)) return "a description that is no UTF-8";
  for (const Attribute& attribute : event.attributes) {
    if (!is_presentable_name(attribute.key)) return "a key that is not presentable";
    if (!event::is_utf8(attribute.value)) return "a value that is no UTF-8";
  }
  // The text is the end of the message, never made up and never cut at its end.
  const bool as_sent = !message.starts_with('z') && !options.escape_controls;
  if (as_sent && !as_text(message).ends_with(event.description)) {
    return "a description that is not the end of the message";
  }
  return {};
}

// "" or what is wrong. `message` stands in a block of its own size, for the sanitizers.
inline std::string broken_invariant(std::string_view message, const Origin& origin,
                                    const Options& options, LongLived& long_lived) {
  tocsin::testing::RecordingIntake fresh;
  Decoder decoder(options, fresh);
  if (decoder.decode(message, origin) != message.size()) return "not all bytes were taken";
  const std::size_t records = fresh.events.size() + fresh.rejects.size();
  if (records > 1 || fresh.dropped != 0) return "counted more than once";
  const bool compressed = message.starts_with('z');
  if (!compressed && records != (as_text(message).empty() ? 0U : 1U)) return "not counted once";
  for (const auto& reject : fresh.rejects) {
    if (reject.offset > message.size() || reject.text.empty()) return "a reject without its place";
  }

  long_lived.intake.events.clear();
  long_lived.intake.rejects.clear();
  if (long_lived.decoder.decode(message, origin) != message.size()) return "not taken again";
  if (long_lived.intake.events != fresh.events ||
      long_lived.intake.rejects.size() != fresh.rejects.size()) {
    return "a decoder that remembers";
  }
  return fresh.events.empty() ? "" : broken_in_event(fresh.events[0], message, options);
}

}  // namespace tocsin::syslog::testing
