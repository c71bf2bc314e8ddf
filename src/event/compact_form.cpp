#include "src/event/compact_form.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tocsin::event {
namespace {

constexpr std::uint8_t kMetricMask = 0x03;
constexpr std::uint8_t kMetricInteger = 0x01;
constexpr std::uint8_t kMetricReal = 0x02;
constexpr std::uint8_t kHasTtl = 0x04;
constexpr std::uint8_t kKnownFlags = kMetricMask | kHasTtl;

// ---- writing

void append_varint(std::uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

void append_fixed64(std::uint64_t value, std::string& out) {
  char bytes[8];
  for (char& byte : bytes) {
    byte = static_cast<char>(value);
    value >>= 8;
  }
  out.append(bytes, sizeof(bytes));
}

void append_text(std::string_view text, std::string& out) {
  append_varint(text.size(), out);
  out.append(text);
}

void append_tags_and_attributes(const std::vector<std::string>& tags,
                                const std::vector<Attribute>& attributes, std::string& out) {
  append_varint(tags.size(), out);
  for (const std::string& tag : tags) append_text(tag, out);
  append_varint(attributes.size(), out);
  for (const Attribute& attribute : attributes) {
    append_text(attribute.key, out);
    append_text(attribute.value, out);
  }
}

// ---- reading

// Reads from the front. After the first fault every further read fails too, so that callers check
// once, at the end.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : whole_(bytes), rest_(bytes) {}

  std::uint8_t byte() {
    if (rest_.empty()) return fail("ends too early"), std::uint8_t{0};
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }

  std::uint64_t fixed64() {
    if (rest_.size() < 8) return fail("ends too early"), std::uint64_t{0};
    std::uint64_t value = 0;
    for (unsigned i = 0; i < 8; ++i) {
      value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(rest_[i])) << (8 * i);
    }
    rest_.remove_prefix(8);
    return value;
  }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t next = byte();
      if (shift == 63 && next > 1) break;  // beyond 64 bits
      value |= static_cast<std::uint64_t>(next & 0x7F) << shift;
      if (next >= 0x80) continue;
      if (next == 0 && shift > 0) break;  // not the shortest form
      return value;
    }
    return fail("malformed length"), std::uint64_t{0};
  }

  void text(std::string& into) {
    const std::uint64_t length = varint();
    if (length > rest_.size()) return fail("text longer than the bytes left");
    into.assign(rest_.substr(0, length));
    rest_.remove_prefix(length);
  }

  // How many entries follow, each of which takes at least `bytes_each`.
  std::size_t count(std::size_t bytes_each) {
    const std::uint64_t entries = varint();
    if (entries > rest_.size() / bytes_each) return fail("more entries than bytes left"), 0;
    return entries;
  }

  void tags_and_attributes(std::vector<std::string>& tags, std::vector<Attribute>& attributes) {
    tags.resize(count(1));
    for (std::string& tag : tags) text(tag);
    attributes.resize(count(2));
    for (Attribute& attribute : attributes) {
      text(attribute.key);
      text(attribute.value);
    }
  }

  // Keeps the first fault only, and leaves nothing to read.
  void fail(const char* text) {
    if (fault_ == nullptr) {
      fault_ = text;
      fault_offset_ = whole_.size() - rest_.size();
    }
    rest_ = {};
  }

  // Success when everything was read and nothing is left.
  [[nodiscard]] Result<void> finish() {
    if (fault_ == nullptr && !rest_.empty()) fail("bytes after the value");
    if (fault_ == nullptr) return {};
    return Error{Errc::kSyntax, "offset " + std::to_string(fault_offset_), fault_};
  }

 private:
  const std::string_view whole_;
  std::string_view rest_;
  const char* fault_ = nullptr;
  std::size_t fault_offset_ = 0;
};

std::uint8_t flags_of(const Event& event) {
  std::uint8_t flags = event.ttl ? kHasTtl : 0;
  if (std::holds_alternative<std::int64_t>(event.metric)) flags |= kMetricInteger;
  if (std::holds_alternative<double>(event.metric)) flags |= kMetricReal;
  return flags;
}

Metric read_metric(Reader& reader, std::uint8_t kind) {
  if (kind == kMetricInteger) return static_cast<std::int64_t>(reader.fixed64());
  if (kind == kMetricReal) return std::bit_cast<double>(reader.fixed64());
  return {};
}

}  // namespace

void append_identity(const Identity& identity, std::string& out) {
  out += static_cast<char>(identity.kind);
  append_text(identity.host, out);
  append_text(identity.service, out);
  append_tags_and_attributes(identity.tags, identity.attributes, out);
}

Result<Identity> parse_identity(std::string_view bytes) {
  Reader reader(bytes);
  Identity identity;
  const std::uint8_t kind = reader.byte();
  if (kind > static_cast<std::uint8_t>(SeriesKind::kEvent)) reader.fail("unknown kind of series");
  identity.kind = static_cast<SeriesKind>(kind);
  reader.text(identity.host);
  reader.text(identity.service);
  reader.tags_and_attributes(identity.tags, identity.attributes);
  if (auto read = reader.finish(); !read) return std::move(read).error();
  return identity;
}

void append_event(const Event& event, std::string& out) {
  out += static_cast<char>(flags_of(event));
  append_fixed64(static_cast<std::uint64_t>(event.time.time_since_epoch().count()), out);
  if (const auto* integer = std::get_if<std::int64_t>(&event.metric)) {
    append_fixed64(static_cast<std::uint64_t>(*integer), out);
  } else if (const auto* real = std::get_if<double>(&event.metric)) {
    append_fixed64(std::bit_cast<std::uint64_t>(*real), out);
  }
  if (event.ttl) append_fixed64(static_cast<std::uint64_t>(event.ttl->count()), out);
  append_text(event.host, out);
  append_text(event.service, out);
  append_text(event.state, out);
  append_text(event.description, out);
  append_tags_and_attributes(event.tags, event.attributes, out);
}

Result<Event> parse_event(std::string_view bytes) {
  Reader reader(bytes);
  Event event;
  const std::uint8_t flags = reader.byte();
  const std::uint8_t metric = flags & kMetricMask;
  if ((flags & ~kKnownFlags) != 0 || metric == kMetricMask) reader.fail("unknown flags");
  event.time = TimePoint(std::chrono::nanoseconds(static_cast<std::int64_t>(reader.fixed64())));
  event.metric = read_metric(reader, metric);
  if ((flags & kHasTtl) != 0) {
    event.ttl = std::chrono::nanoseconds(static_cast<std::int64_t>(reader.fixed64()));
  }
  reader.text(event.host);
  reader.text(event.service);
  reader.text(event.state);
  reader.text(event.description);
  reader.tags_and_attributes(event.tags, event.attributes);
  if (auto read = reader.finish(); !read) return std::move(read).error();
  return event;
}

}  // namespace tocsin::event
