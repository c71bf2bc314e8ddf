#include "ingest/riemann/wire_reader.hpp"

#include <array>

#include "ingest/riemann/varint.hpp"

namespace tocsin::riemann {
namespace {

// No message of this protocol has groups: what a later one might nest is far less than this.
constexpr std::size_t kMaxGroupDepth = 16;

constexpr WireType type_of(std::uint32_t tag) noexcept {
  return static_cast<WireType>(tag & 7);
}
constexpr std::uint32_t field_of(std::uint32_t tag) noexcept {
  return tag >> 3;
}

}  // namespace

WireReader::Varint WireReader::long_varint(const char* at, const char* end,
                                           Refusal& refusal) noexcept {
  if (static_cast<std::size_t>(end - at) >= sizeof(std::uint64_t)) {
    const auto word = base::load_little_endian<std::uint64_t>(at);
    if (const std::size_t size = varint_size(word); size != 0) {
      return {at + size, varint_value(word, size)};
    }
  }
  const char* const begin = at;
  std::uint64_t number = 0;
  // `number` holds the bits of the bytes in [begin, at), which all said that more follow.
  for (unsigned shift = 0; shift < 70; shift += 7) {
    if (at == end) {
      refuse_end(end, refusal);
      return {nullptr, 0};
    }
    const auto byte = static_cast<std::uint8_t>(*at++);
    if (shift == 63 && byte > 1) break;
    number |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return {at, number};
  }
  refusal = {RejectCause::kSyntax, begin, "a number of more than 64 bits"};
  return {nullptr, 0};
}

void WireReader::refuse_end(const char* end, Refusal& refusal) noexcept {
  refusal = {RejectCause::kTruncated, end, "the end within a number, expected its other bytes"};
}

const char* WireReader::after_value(std::uint32_t tag, const char* at, const char* end,
                                    Refusal& refusal) noexcept {
  WireReader reader({at, static_cast<std::size_t>(end - at)}, refusal);
  const bool is_group = type_of(tag) == WireType::kGroup && field_of(tag) != 0;
  const bool good = is_group ? reader.skip_group(tag) : reader.skip_plain(tag);
  return good ? reader.position() : nullptr;
}

bool WireReader::skip_plain(std::uint32_t tag) noexcept {
  std::uint64_t number = 0;
  std::uint32_t half = 0;
  std::string_view bytes;
  std::string_view fault = "a wire type above 5";
  if (field_of(tag) == 0) {
    fault = "a field of number 0";
  } else {
    switch (type_of(tag)) {
      case WireType::kVarint:
        return read_varint(number);
      case WireType::kFixed64:
        return read_fixed64(number);
      case WireType::kBytes:
        return read_bytes(bytes);
      case WireType::kFixed32:
        return read_fixed32(half);
      case WireType::kGroup:
      case WireType::kGroupEnd:
        fault = "the end of a group that did not begin";
    }
  }
  refusal_ = {RejectCause::kSyntax, at_, fault};
  return false;
}

// Without recursion: the sender chooses the depth.
bool WireReader::skip_group(std::uint32_t tag) noexcept {
  std::array<std::uint32_t, kMaxGroupDepth> open{};  // field numbers of the groups we are in
  std::size_t depth = 0;
  open[depth++] = field_of(tag);
  while (depth > 0) {
    if (at_end()) {
      refusal_ = {RejectCause::kTruncated, at_, "the end within a group, expected its end-tag"};
      return false;
    }
    if (!read_tag(tag)) return false;
    const std::uint32_t field = field_of(tag);
    if (type_of(tag) == WireType::kGroupEnd && field == open[depth - 1]) {
      --depth;
    } else if (type_of(tag) != WireType::kGroup || field == 0) {
      if (!skip_plain(tag)) return false;
    } else if (depth == kMaxGroupDepth) {
      refusal_ = {RejectCause::kSyntax, at_, "groups nested deeper than 16"};
      return false;
    } else {
      open[depth++] = field;
    }
  }
  return true;
}

}  // namespace tocsin::riemann
