#include "src/event/compact_form.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

namespace tocsin::event {
namespace {

constexpr std::uint8_t kMetricMask = 0x03;
constexpr std::uint8_t kMetricInteger = 0x01;
constexpr std::uint8_t kMetricReal = 0x02;
constexpr std::uint8_t kHasTtl = 0x04;
constexpr std::uint8_t kKnownFlags = kMetricMask | kHasTtl;

// ---- writing

// Writes over room that was made for all of a value at once: growing a string byte by byte takes
// longer than everything else here.
class Writer {
 public:
  // `most`: no more bytes than that will be written.
  Writer(std::string& out, std::size_t most) : out_(out) {
    const std::size_t before = out.size();
    out.resize(before + most);
    at_ = out.data() + before;
  }
  ~Writer() { out_.resize(static_cast<std::size_t>(at_ - out_.data())); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void byte(std::uint8_t value) { *at_++ = static_cast<char>(value); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) *at_++ = static_cast<char>(value | 0x80);
    *at_++ = static_cast<char>(value);
  }
  void fixed64(std::uint64_t value) {
    for (unsigned i = 0; i < 8; ++i) at_[i] = static_cast<char>(value >> (8 * i));
    at_ += 8;
  }
  void text(std::string_view text) {
    varint(text.size());
    if (!text.empty()) std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  template <class Tags, class Attributes>
  void tags_and_attributes(const Tags& tags, const Attributes& attributes) {
    varint(tags.size());
    for (const std::string_view tag : tags) text(tag);
    varint(attributes.size());
    for (const auto& attribute : attributes) {
      text(attribute.key);
      text(attribute.value);
    }
  }

 private:
  std::string& out_;
  char* at_;
};

constexpr std::size_t kMostVarint = 10;

std::size_t most_bytes(std::string_view text) noexcept {
  return kMostVarint + text.size();
}

template <class Tags, class Attributes>
std::size_t most_bytes(const Tags& tags, const Attributes& attributes) noexcept {
  std::size_t most = 2 * kMostVarint;
  for (const std::string_view tag : tags) most += most_bytes(tag);
  for (const auto& attribute : attributes) {
    most += most_bytes(attribute.key) + most_bytes(attribute.value);
  }
  return most;
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

template <class AnyEvent>
std::uint8_t flags_of(const AnyEvent& event) {
  std::uint8_t flags = event.ttl ? kHasTtl : 0;
  if (std::holds_alternative<std::int64_t>(event.metric)) flags |= kMetricInteger;
  if (std::holds_alternative<double>(event.metric)) flags |= kMetricReal;
  return flags;
}

template <class AnyEvent>
void write_event(const AnyEvent& event, std::string& out) {
  constexpr std::size_t kFixed = 1 + 3 * 8;
  Writer writer(out, kFixed + most_bytes(event.host) + most_bytes(event.service) +
                         most_bytes(event.state) + most_bytes(event.description) +
                         most_bytes(event.tags, event.attributes));
  writer.byte(flags_of(event));
  writer.fixed64(static_cast<std::uint64_t>(event.time.time_since_epoch().count()));
  if (const auto* integer = std::get_if<std::int64_t>(&event.metric)) {
    writer.fixed64(static_cast<std::uint64_t>(*integer));
  } else if (const auto* real = std::get_if<double>(&event.metric)) {
    writer.fixed64(std::bit_cast<std::uint64_t>(*real));
  }
  if (event.ttl) writer.fixed64(static_cast<std::uint64_t>(event.ttl->count()));
  writer.text(event.host);
  writer.text(event.service);
  writer.text(event.state);
  writer.text(event.description);
  writer.tags_and_attributes(event.tags, event.attributes);
}

Metric read_metric(Reader& reader, std::uint8_t kind) {
  if (kind == kMetricInteger) return static_cast<std::int64_t>(reader.fixed64());
  if (kind == kMetricReal) return std::bit_cast<double>(reader.fixed64());
  return {};
}

EventHead read_head(Reader& reader) {
  EventHead head;
  const std::uint8_t flags = reader.byte();
  const std::uint8_t metric = flags & kMetricMask;
  if ((flags & ~kKnownFlags) != 0 || metric == kMetricMask) reader.fail("unknown flags");
  head.time = TimePoint(std::chrono::nanoseconds(static_cast<std::int64_t>(reader.fixed64())));
  head.metric = read_metric(reader, metric);
  if ((flags & kHasTtl) != 0) {
    head.ttl = std::chrono::nanoseconds(static_cast<std::int64_t>(reader.fixed64()));
  }
  return head;
}

}  // namespace

void append_identity(const Identity& identity, std::string& out) {
  Writer writer(out, 1 + most_bytes(identity.host) + most_bytes(identity.service) +
                         most_bytes(identity.tags, identity.attributes));
  writer.byte(static_cast<std::uint8_t>(identity.kind));
  writer.text(identity.host);
  writer.text(identity.service);
  writer.tags_and_attributes(identity.tags, identity.attributes);
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
  write_event(event, out);
}
void append_event(const EventView& event, std::string& out) {
  write_event(event, out);
}

EventHead event_head(std::string_view bytes) {
  Reader reader(bytes);
  return read_head(reader);
}

Result<Event> parse_event(std::string_view bytes) {
  Reader reader(bytes);
  Event event;
  EventHead head = read_head(reader);
  event.time = head.time;
  event.metric = head.metric;
  event.ttl = head.ttl;
  reader.text(event.host);
  reader.text(event.service);
  reader.text(event.state);
  reader.text(event.description);
  reader.tags_and_attributes(event.tags, event.attributes);
  if (auto read = reader.finish(); !read) return std::move(read).error();
  return event;
}

}  // namespace tocsin::event
