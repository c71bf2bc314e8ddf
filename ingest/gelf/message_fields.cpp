#include "ingest/gelf/message_fields.hpp"

#include <array>
#include <cstddef>
#include <string_view>

#include "ingest/json/level.hpp"
#include "ingest/json/time.hpp"
#include "ingest/syslog/priority.hpp"

namespace tocsin::gelf {
namespace {

using json_lines::Field;

enum Name : std::uint8_t {
  kHost,
  kShortMessage,
  kMessage,
  kFullMessage,
  kTimestamp,
  kLevel,
  kFacility,
  kExtraFacility,
  kVersion,
  kNames,  // how many; not a name
};

constexpr std::array<std::string_view, kNames> kSpelling = {
    "host",  "short_message", "message",   "full_message", "timestamp",
    "level", "facility",      "_facility", "version"};

Name find_name(std::string_view key) noexcept {
  for (std::uint8_t i = 0; i < kNames; ++i) {
    if (kSpelling[i] == key) return static_cast<Name>(i);
  }
  return kNames;
}

void add(const Field& field, json_lines::EventWriter& writer) {
  std::string_view key = field.key;
  if (key.size() > 1 && key.front() == '_') key.remove_prefix(1);
  writer.add(key, field.value);
}

}  // namespace

bool MessageFields::fill(std::span<const Field> fields, EventView& event,
                         json_lines::EventWriter& writer) const {
  // Of equal names the last counts. What is said under its own name stands against "_level".
  std::array<const Field*, kNames> found{};
  for (const Field& field : fields) {
    const Name name = find_name(field.key);
    if (name == kNames) {
      add(field, writer);
    } else {
      found[name] = &field;
    }
  }
  // Says the first of them that has a text in `text`; it is then no attribute.
  const auto say = [&found](std::string_view& text, std::initializer_list<Name> names) {
    for (const Name name : names) {
      if (found[name] == nullptr || !found[name]->is_word() || found[name]->value.empty()) continue;
      text = found[name]->value;
      found[name] = nullptr;
      return;
    }
  };
  say(event.host, {kHost});
  say(event.description, {kShortMessage, kMessage, kFullMessage});
  say(event.service, {kFacility, kExtraFacility});
  found[kVersion] = nullptr;
  if (found[kTimestamp] != nullptr && found[kTimestamp]->is_word()) {
    if (const auto time = json_lines::parse_time(found[kTimestamp]->value)) {
      event.time = *time;
      found[kTimestamp] = nullptr;
    }
  }
  if (found[kLevel] != nullptr) {
    event.state = json_lines::state_of_level(found[kLevel]->value);
  } else if (default_level_) {
    event.state = syslog::state_of(*default_level_);
  }
  for (const Field* const field : found) {
    if (field != nullptr) add(*field, writer);
  }
  return !event.description.empty();
}

}  // namespace tocsin::gelf
