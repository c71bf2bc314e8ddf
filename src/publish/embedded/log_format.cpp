#include "src/publish/embedded/log_format.hpp"

#include <xxhash.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "src/base/byte_order.hpp"

namespace tocsin::publish {
namespace {

using base::load_little_endian;

constexpr std::size_t kHeaderBytes = 4 + 4 + 8;
constexpr std::size_t kFixedPayloadBytes = 1 + 8 + 4 + 4;
constexpr std::size_t kReadBytes = std::size_t{256} << 10;

template <class T>
void append_little_endian(T value, std::string& out) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
  }
}

std::size_t payload_bytes(const Record& record) noexcept {
  return kFixedPayloadBytes + record.key.size() + record.member.size() + record.value.size();
}

std::uint32_t header_check(std::string_view length_bytes, std::uint64_t offset) {
  return static_cast<std::uint32_t>(
      XXH3_64bits_withSeed(length_bytes.data(), length_bytes.size(), offset));
}

std::uint64_t payload_check(std::string_view payload, std::uint64_t offset) {
  return XXH3_64bits_withSeed(payload.data(), payload.size(), offset);
}

void append_text(std::string_view text, std::string& out) {
  append_little_endian(static_cast<std::uint32_t>(text.size()), out);
  out.append(text);
}

void append_payload(const StoredRecord& stored, std::string& out) {
  out += static_cast<char>(stored.record.kind);
  append_little_endian(static_cast<std::uint64_t>(stored.expires.time_since_epoch().count()), out);
  append_text(stored.record.key, out);
  append_text(stored.record.member, out);
  out.append(stored.record.value);
}

// Takes a length-prefixed text from the front of `rest`.
std::optional<std::string_view> take_text(std::string_view& rest) {
  if (rest.size() < 4) return std::nullopt;
  const auto length = load_little_endian<std::uint32_t>(rest.data());
  rest.remove_prefix(4);
  if (length > rest.size()) return std::nullopt;
  const std::string_view text = rest.substr(0, length);
  rest.remove_prefix(length);
  return text;
}

std::optional<StoredRecord> parse_payload(std::string_view payload) {
  if (payload.size() < kFixedPayloadBytes) return std::nullopt;
  const auto kind = static_cast<std::uint8_t>(payload[0]);
  if (kind > static_cast<std::uint8_t>(Record::Kind::kMember)) return std::nullopt;
  const auto expires = load_little_endian<std::uint64_t>(payload.data() + 1);
  std::string_view rest = payload.substr(9);
  const auto key = take_text(rest);
  const auto member = key ? take_text(rest) : std::nullopt;
  if (!member) return std::nullopt;

  StoredRecord stored;
  stored.record.kind = static_cast<Record::Kind>(kind);
  stored.record.key = *key;
  stored.record.member = *member;
  stored.record.value = rest;
  stored.expires = TimePoint(std::chrono::nanoseconds(static_cast<std::int64_t>(expires)));
  return stored;
}

}  // namespace

std::size_t frame_bytes(const Record& record) noexcept {
  return kHeaderBytes + payload_bytes(record);
}

void append_frame(const StoredRecord& stored, std::uint64_t offset, std::string& out) {
  const std::size_t size = payload_bytes(stored.record);
  assert(size <= kMaxPayloadBytes);
  std::string payload;
  payload.reserve(size);
  append_payload(stored, payload);

  const std::size_t start = out.size();
  append_little_endian(static_cast<std::uint32_t>(size), out);
  const std::uint32_t check = header_check(std::string_view(out).substr(start, 4), offset);
  append_little_endian(check, out);
  append_little_endian(payload_check(payload, offset), out);
  out.append(payload);
}

Result<void> LogReader::read_magic() {
  const auto filled = fill(kLogMagic.size());
  if (!filled) return filled.error();
  if (!*filled) return {};  // shorter than that: next() finds the damage
  const std::string_view magic = std::string_view(buffer_).substr(0, kLogMagic.size());
  if (magic == kLogMagic) {
    position_ = kLogMagic.size();
    good_end_ = position_;
  } else if (magic.substr(0, magic.size() - 1) == kLogMagic.substr(0, kLogMagic.size() - 1) &&
             magic.back() >= '0' && magic.back() <= '9') {
    return Error{Errc::kUnsupported, file_.path(),
                 "written by another version of Tocsin (format " + std::string(magic) +
                     ", this one reads " + std::string(kLogMagic) + ")"};
  }
  return {};
}

Result<std::optional<StoredRecord>> LogReader::next() {
  const std::uint64_t damaged_before = damaged_bytes_;
  for (;;) {
    const auto any = fill(1);
    if (!any) return any.error();
    if (!*any) return std::optional<StoredRecord>();
    auto frame = frame_here();
    if (!frame) return std::move(frame).error();
    if (!frame->has_value()) {
      pass_damaged_byte();
      continue;
    }
    damaged_inside_bytes_ += damaged_bytes_ - damaged_before;
    good_end_ = offset();
    return frame;
  }
}

// The frame at the present position, which is passed; empty, and nothing passed, if there is none.
Result<std::optional<StoredRecord>> LogReader::frame_here() {
  std::optional<StoredRecord> none;
  const auto header = fill(kHeaderBytes);
  if (!header) return header.error();
  if (!*header) return none;
  const char* bytes = buffer_.data() + position_;
  const auto length = load_little_endian<std::uint32_t>(bytes);
  if (length > kMaxPayloadBytes ||
      load_little_endian<std::uint32_t>(bytes + 4) != header_check({bytes, 4}, offset())) {
    return none;
  }
  const auto whole = fill(kHeaderBytes + length);
  if (!whole) return whole.error();
  if (!*whole) return none;
  bytes = buffer_.data() + position_;  // fill() may have moved the buffer
  const std::string_view payload(bytes + kHeaderBytes, length);
  if (load_little_endian<std::uint64_t>(bytes + 8) != payload_check(payload, offset())) return none;
  auto stored = parse_payload(payload);
  if (stored) position_ += kHeaderBytes + length;
  return stored;
}

// Makes `bytes` readable at the present position; false when the file ends before.
Result<bool> LogReader::fill(std::size_t bytes) {
  if (buffer_.size() - position_ >= bytes) return true;
  buffer_.erase(0, position_);
  buffer_offset_ += position_;
  position_ = 0;
  std::string chunk;
  while (buffer_.size() < bytes) {
    chunk.resize(std::max(kReadBytes, bytes - buffer_.size()));
    const auto read = file_.read_at(buffer_offset_ + buffer_.size(), chunk);
    if (!read) return read.error();
    if (*read == 0) return false;
    buffer_.append(chunk, 0, *read);
  }
  return true;
}

void LogReader::pass_damaged_byte() noexcept {
  ++position_;
  ++damaged_bytes_;
}

}  // namespace tocsin::publish
