#include "ingest/json/event_fields.hpp"

#include <bit>
#include <variant>

#include "ingest/json/level.hpp"
#include "ingest/json/number.hpp"
#include "ingest/json/time.hpp"

namespace tocsin::json_lines {
namespace {

enum class Role : std::uint8_t { kTime, kState, kLevel, kText, kHost, kService, kMetric, kTtl };

struct Name {
  std::string_view name;
  Role role;
};

// Of names with the same role, the first counts; the state comes before the level.
constexpr Name kAll[] = {
    {"time", Role::kTime},
    {"ts", Role::kTime},
    {"timestamp", Role::kTime},
    {"@timestamp", Role::kTime},
    {"state", Role::kState},
    {"level", Role::kLevel},
    {"severity", Role::kLevel},
    {"lvl", Role::kLevel},
    {"log.level", Role::kLevel},
    {"priority", Role::kLevel},
    {"message", Role::kText},
    {"msg", Role::kText},
    {"short_message", Role::kText},
    {"description", Role::kText},
    {"host", Role::kHost},
    {"hostname", Role::kHost},
    {"host.name", Role::kHost},
    {"service", Role::kService},
    {"app", Role::kService},
    {"program", Role::kService},
    {"logger", Role::kService},
    {"service.name", Role::kService},
    {"metric", Role::kMetric},
    {"value", Role::kMetric},
    {"ttl", Role::kTtl},
};
constexpr std::size_t kNone = std::size(kAll);
constexpr std::size_t kLongestName = 13;
constexpr std::string_view kPriority = "PRIORITY";

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view name, std::string_view key) noexcept {
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != lower(key[i])) return false;
  }
  return true;
}

// Which names have a length: a bit each. Most keys have no name's length and first letter.
constexpr auto kBySize = [] {
  std::array<std::uint32_t, kLongestName + 1> masks{};
  for (std::size_t i = 0; i < kNone; ++i) masks[kAll[i].name.size()] |= std::uint32_t{1} << i;
  return masks;
}();

std::size_t find_name(std::string_view key) noexcept {
  if (key.size() > kLongestName) return kNone;
  for (std::uint32_t mask = kBySize[key.size()]; mask != 0; mask &= mask - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(mask));
    if (same_name(kAll[i].name, key)) {
      return kAll[i].name == "priority" && key != kPriority ? kNone : i;
    }
  }
  return kNone;
}

// Says `value` in `text`; false when something is said already, or nothing.
bool say(std::string_view& text, const Field& field) noexcept {
  if (!text.empty() || !field.is_word()) return false;
  text = field.value;
  return !text.empty();
}

bool say_metric(Metric& metric, const Field& field) noexcept {
  if (field.kind != Field::Kind::kNumber || !std::holds_alternative<std::monostate>(metric)) {
    return false;
  }
  metric = parse_metric(field.value);
  return !std::holds_alternative<std::monostate>(metric);
}

}  // namespace

void EventFields::fill(std::span<const Field> fields, EventView& event, EventWriter& writer) {
  static_assert(kNone <= kMostNames);
  found_mask_ = 0;
  is_relayed_ = false;
  for (const Field& field : fields) {
    const std::size_t name = field.unwrapped ? kNone : find_name(field.key);
    if (name == kNone) {
      is_relayed_ |= field.unwrapped && field.key == "ingest";
      writer.add(field.key, field.value);
    } else {
      put(name, field, writer);
    }
  }

  bool has_time = false;
  const auto use = [&](Role role, const Field& field) {
    switch (role) {
      case Role::kTime: {
        const auto time = has_time || !field.is_word() ? std::nullopt : parse_time(field.value);
        if (!time) return false;
        event.time = *time;
        return has_time = true;
      }
      case Role::kState:
        return field.kind == Field::Kind::kText && say(event.state, field);
      case Role::kLevel:
        if (event.state.empty() && field.is_word()) event.state = state_of_level(field.value);
        return false;
      case Role::kText:
        return say(event.description, field);
      case Role::kHost:
        return say(event.host, field);
      case Role::kService:
        return say(event.service, field);
      case Role::kMetric:
        // Tocsin writes large doubles as integers: there nothing was rounded.
        return say_metric(event.metric, field) && (is_relayed_ || !is_rounded_integer(field.value));
      case Role::kTtl:
        if (field.kind != Field::Kind::kNumber) return false;
        event.ttl = parse_seconds(field.value);
        if (event.ttl && event.ttl->count() < 0) event.ttl.reset();
        return event.ttl.has_value();
    }
    return false;
  };
  for (std::uint32_t mask = found_mask_; mask != 0; mask &= mask - 1) {
    const auto name = static_cast<std::size_t>(std::countr_zero(mask));
    const Field& field = *found_[name];
    if (!use(kAll[name].role, field)) writer.add(field.key, field.value);
  }
}

// Of members that are spelled alike the last counts; "host" and "HOST" are two.
void EventFields::put(std::size_t name, const Field& field, EventWriter& writer) {
  const std::uint32_t bit = std::uint32_t{1} << name;
  if ((found_mask_ & bit) != 0 && found_[name]->key != field.key) {
    writer.add(found_[name]->key, found_[name]->value);
  }
  found_mask_ |= bit;
  found_[name] = &field;
}

}  // namespace tocsin::json_lines
