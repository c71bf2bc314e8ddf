#include "src/event/event_codec.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "src/event/event_access.hpp"

namespace tocsin::event {
namespace {

// In the order of encoding; also the bit of each key in the set of those seen.
enum class Field : std::uint8_t {
  kTime,
  kHost,
  kService,
  kState,
  kMetric,
  kDescription,
  kTags,
  kTtl,
  kAttributes,
};
constexpr std::array<std::string_view, 9> kFieldNames = {
    "time_ns", "host", "service", "state", "metric", "description", "tags", "ttl_ns", "attributes"};

constexpr std::string_view name_of(Field field) {
  return kFieldNames[static_cast<std::size_t>(field)];
}

// ---- encoding

void pack_text(Packer& packer, Field field, const std::string& value) {
  if (value.empty()) return;
  packer.text(name_of(field));
  packer.text(value);
}

void pack_metric(Packer& packer, const Metric& metric) {
  if (std::holds_alternative<std::monostate>(metric)) return;
  packer.text(name_of(Field::kMetric));
  if (const auto* integer = std::get_if<std::int64_t>(&metric)) {
    packer.integer(*integer);
  } else {
    packer.real(std::get<double>(metric));
  }
}

void pack_tags(Packer& packer, const std::vector<std::string>& tags) {
  if (tags.empty()) return;
  packer.text(name_of(Field::kTags));
  packer.array(tags.size());
  for (const std::string& tag : tags) packer.text(tag);
}

void pack_attributes(Packer& packer, const std::vector<Attribute>& attributes) {
  if (attributes.empty()) return;
  packer.text(name_of(Field::kAttributes));
  packer.map(attributes.size());
  for (const Attribute& attribute : attributes) {
    packer.text(attribute.key);
    packer.text(attribute.value);
  }
}

std::size_t present_fields(const Event& event) {
  std::size_t count = 1;  // the time is always there
  for (const std::string* text : {&event.host, &event.service, &event.state, &event.description}) {
    count += text->empty() ? 0 : 1;
  }
  count += std::holds_alternative<std::monostate>(event.metric) ? 0 : 1;
  count += event.tags.empty() ? 0 : 1;
  count += event.ttl.has_value() ? 1 : 0;
  count += event.attributes.empty() ? 0 : 1;
  return count;
}

// ---- decoding

Error wrong_type(Field field, const Token& token, std::string_view expected) {
  std::string text(name_of(field));
  text.append(": expected ").append(expected);
  return Error{Errc::kRange, "offset " + std::to_string(token.offset), std::move(text)};
}

Result<std::string> read_text(Cursor& cursor, Field field) {
  const Token& token = cursor.next();
  if (token.kind != TokenKind::kText) return wrong_type(field, token, "text");
  return std::string(token.text);
}

Result<std::chrono::nanoseconds> read_nanoseconds(Cursor& cursor, Field field) {
  const Token& token = cursor.next();
  if (token.kind != TokenKind::kInteger) {
    return wrong_type(field, token, "an integer of nanoseconds");
  }
  return std::chrono::nanoseconds(token.integer);
}

Result<Metric> read_metric(Cursor& cursor) {
  const Token& token = cursor.next();
  if (token.kind == TokenKind::kInteger) return Metric(token.integer);
  if (token.kind == TokenKind::kReal) return Metric(token.real);
  if (token.kind == TokenKind::kNil) return Metric();
  return wrong_type(Field::kMetric, token, "a signed 64-bit integer, a float or nil");
}

Result<std::vector<std::string>> read_tags(Cursor& cursor) {
  const Token& array = cursor.next();
  if (array.kind != TokenKind::kArray) return wrong_type(Field::kTags, array, "an array of texts");
  std::vector<std::string> tags;
  tags.reserve(array.entries);
  for (std::uint32_t i = 0; i < array.entries; ++i) {
    auto tag = read_text(cursor, Field::kTags);
    if (!tag) return tag.error();
    tags.push_back(std::move(*tag));
  }
  return tags;
}

Result<std::vector<Attribute>> read_attributes(Cursor& cursor) {
  const Token& map = cursor.next();
  if (map.kind != TokenKind::kMap) {
    return wrong_type(Field::kAttributes, map, "a map of texts to texts");
  }
  std::vector<Attribute> attributes;
  attributes.reserve(map.entries);
  for (std::uint32_t i = 0; i < map.entries; ++i) {
    auto key = read_text(cursor, Field::kAttributes);
    if (!key) return key.error();
    auto value = read_text(cursor, Field::kAttributes);
    if (!value) return value.error();
    attributes.push_back({std::move(*key), std::move(*value)});
  }
  return attributes;
}

// Puts what was read where it belongs, or passes the error on.
template <class Read, class Target>
Result<void> store(Result<Read> read, Target& target) {
  if (!read) return std::move(read).error();
  target = std::move(*read);
  return {};
}

Result<void> read_field(Cursor& cursor, Field field, Event& event) {
  switch (field) {
    case Field::kTime: {
      const auto since_epoch = read_nanoseconds(cursor, field);
      if (!since_epoch) return since_epoch.error();
      event.time = TimePoint(*since_epoch);
      return {};
    }
    case Field::kHost:
      return store(read_text(cursor, field), event.host);
    case Field::kService:
      return store(read_text(cursor, field), event.service);
    case Field::kState:
      return store(read_text(cursor, field), event.state);
    case Field::kMetric:
      return store(read_metric(cursor), event.metric);
    case Field::kDescription:
      return store(read_text(cursor, field), event.description);
    case Field::kTags:
      return store(read_tags(cursor), event.tags);
    case Field::kTtl:
      return store(read_nanoseconds(cursor, field), event.ttl);
    case Field::kAttributes:
      return store(read_attributes(cursor), event.attributes);
  }
  return {};
}

}  // namespace

void encode_event(const Event& event, std::string& out) {
  Packer packer(out);
  packer.map(present_fields(event));
  packer.text(name_of(Field::kTime));
  packer.integer(event.time.time_since_epoch().count());
  pack_text(packer, Field::kHost, event.host);
  pack_text(packer, Field::kService, event.service);
  pack_text(packer, Field::kState, event.state);
  pack_metric(packer, event.metric);
  pack_text(packer, Field::kDescription, event.description);
  pack_tags(packer, event.tags);
  if (event.ttl) {
    packer.text(name_of(Field::kTtl));
    packer.integer(event.ttl->count());
  }
  pack_attributes(packer, event.attributes);
}

std::string encode_event(const Event& event) {
  std::string out;
  encode_event(event, out);
  return out;
}

Result<Event> decode_event(std::string_view bytes, const UnpackLimits& limits) {
  const auto tokens = unpack(bytes, limits);
  if (!tokens) return tokens.error();
  Cursor cursor(*tokens);
  const Token& map = cursor.next();
  if (map.kind != TokenKind::kMap) {
    return Error{Errc::kSyntax, "offset 0", "an event is a map"};
  }

  Event event;
  unsigned seen = 0;
  for (std::uint32_t i = 0; i < map.entries; ++i) {
    const Token& key = cursor.next();
    if (key.kind != TokenKind::kText) {
      return Error{Errc::kSyntax, "offset " + std::to_string(key.offset), "a key is a text"};
    }
    const auto* const name = std::find(kFieldNames.begin(), kFieldNames.end(), key.text);
    if (name == kFieldNames.end()) {
      cursor.skip();
      continue;
    }
    const auto index = static_cast<unsigned>(name - kFieldNames.begin());
    if ((seen & (1U << index)) != 0) {
      return Error{Errc::kDuplicate, "offset " + std::to_string(key.offset),
                   std::string(key.text) + " is given twice"};
    }
    seen |= 1U << index;
    auto read = read_field(cursor, static_cast<Field>(index), event);
    if (!read) return std::move(read).error();
  }
  normalise(event);
  return event;
}

}  // namespace tocsin::event
