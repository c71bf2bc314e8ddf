// What holds for all bytes that a JSON decoder gets. For the mutation test and the fuzz target.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/json/decoder.hpp"
#include "src/api/json.hpp"
#include "src/event/event_access.hpp"
#include "src/event/utf8.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::json_lines::testing {

// A decoder that lives on, so that it may remember what it should not.
struct LongLived {
  explicit LongLived(const Options& options) : decoder(options, intake) {}

  tocsin::testing::RecordingIntake intake;
  Decoder decoder;
};

inline std::string broken_in_event(const Event& event) {
  if (event::find_attribute(event, "ingest") == nullptr) return "an event without its protocol";
  for (const std::string* text : {&event.host, &event.service, &event.state, &event.description}) {
    if (!event::is_utf8(*text)) return "a text that is no UTF-8";
  }
  for (const std::string& tag : event.tags) {
    if (!event::is_utf8(tag)) return "a tag that is no UTF-8";
  }
  for (const Attribute& attribute : event.attributes) {
    if (!event::is_utf8(attribute.key) || !event::is_utf8(attribute.value)) {
      return "an attribute that is no UTF-8";
    }
  }
  return {};
}

// Tocsin's own form of the event is the event again.
inline std::string broken_in_round_trip(const Event& event, const Origin& origin) {
  std::string line;
  api::append_json(event, line);
  tocsin::testing::RecordingIntake intake;
  Options options;
  options.limits.max_members = 1000;  // the first reading may have added its own
  Decoder decoder(options, intake);
  if (decoder.decode(line, origin) != line.size() || intake.events.size() != 1) {
    return "an event that cannot be read back: " + line;
  }
  Event again = intake.events[0];
  // "5" is an integer whichever it was.
  if (as_double(again.metric) == as_double(event.metric)) again.metric = event.metric;
  return again == event ? "" : "an event that is another when read back: " + line;
}

inline bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// Whether it may be other than one record.
inline bool may_be_array(std::string_view line) {
  return line.find('[') != std::string_view::npos;
}

inline bool same(const tocsin::testing::RecordingIntake& a,
                 const tocsin::testing::RecordingIntake& b) {
  return a.events == b.events && a.dropped == b.dropped &&
         std::equal(a.rejects.begin(), a.rejects.end(), b.rejects.begin(), b.rejects.end(),
                    [](const auto& x, const auto& y) {
                      return x.cause == y.cause && x.record == y.record;
                    });
}

// Each line alone gives what all give at once, and counts once.
inline std::string broken_by_line(std::string_view bytes, const Origin& origin,
                                  const Options& options,
                                  const tocsin::testing::RecordingIntake& whole) {
  tocsin::testing::RecordingIntake by_line;
  Decoder decoder(options, by_line);
  while (!bytes.empty()) {
    const std::string_view line = bytes.substr(0, bytes.find('\n') + 1);
    const std::string_view taken = line.empty() ? bytes : line;
    const std::size_t before = by_line.events.size() + by_line.rejects.size();
    if (decoder.decode(taken, origin) != taken.size()) return "a line that was not taken";
    const std::size_t records = by_line.events.size() + by_line.rejects.size() - before;
    const bool has_mark = taken.starts_with("\xEF\xBB\xBF");
    const std::size_t expected = is_blank(taken.substr(has_mark ? 3 : 0)) ? 0 : 1;
    if (!may_be_array(taken) && records != expected) return "a line that was not counted once";
    bytes.remove_prefix(taken.size());
  }
  return same(by_line, whole) ? "" : "lines that depend on how they are given";
}

// "" or what is wrong. `bytes` stand in a block of their own size, for the sanitizers.
inline std::string broken_invariant(std::string_view bytes, const Origin& origin,
                                    const Options& options, LongLived& long_lived) {
  tocsin::testing::RecordingIntake fresh;
  Decoder decoder(options, fresh);
  if (decoder.decode(bytes, origin) != bytes.size()) return "not all bytes were taken";
  if (fresh.dropped != 0) return "something dropped";
  for (const auto& reject : fresh.rejects) {
    if (reject.text.empty() || reject.offset > bytes.size() ||
        bytes.substr(reject.offset, reject.record.size()) != reject.record) {
      return "a reject without its place";
    }
  }
  for (const Event& event : fresh.events) {
    if (std::string broken = broken_in_event(event); !broken.empty()) return broken;
    if (std::string broken = broken_in_round_trip(event, origin); !broken.empty()) return broken;
  }
  if (!options.whole_bodies) {
    if (std::string broken = broken_by_line(bytes, origin, options, fresh); !broken.empty()) {
      return broken;
    }
  }

  // Again, with an intake that is full every second time.
  long_lived.intake.events.clear();
  long_lived.intake.rejects.clear();
  std::string_view rest = bytes;
  for (bool full = true; !rest.empty(); full = !full) {
    long_lived.intake.events_to_refuse = full ? 1 : 0;
    const std::size_t taken = long_lived.decoder.decode(rest, origin);
    if (taken > rest.size()) return "more taken than there is";
    if (!full && taken != rest.size()) return "not taken although there is room";
    rest.remove_prefix(taken);
  }
  long_lived.intake.events_to_refuse = 0;
  return same(long_lived.intake, fresh) ? "" : "a decoder that remembers";
}

}  // namespace tocsin::json_lines::testing
