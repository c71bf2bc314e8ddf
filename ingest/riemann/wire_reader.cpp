#include "ingest/riemann/wire_reader.hpp"

#include <array>

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

bool WireReader::read_long_varint(std::uint64_t& value) noexcept {
  const char* const begin = at_;
  std::uint64_t number = 0;
  // `number` holds the bits of the bytes in [begin, at_), which all said that more follow.
  for (unsigned shift = 0; shift < 70; shift += 7) {
    if (at_ == end_) return refuse_end();
    const auto byte = static_cast<std::uint8_t>(*at_++);
    if (shift == 63 && byte > 1) break;
    number |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) {
      value = number;
      return true;
    }
  }
  return refuse(RejectCause::kSyntax, begin, "a number of more than 64 bits");
}

bool WireReader::refuse_end() noexcept {
  return refuse(RejectCause::kTruncated, end_, "the end within a number, expected its other bytes");
}

bool WireReader::skip(std::uint32_t tag) noexcept {
  if (type_of(tag) == WireType::kGroup && field_of(tag) != 0) return skip_group(tag);
  return skip_plain(tag);
}

bool WireReader::skip_plain(std::uint32_t tag) noexcept {
  std::uint64_t number = 0;
  std::uint32_t half = 0;
  std::string_view bytes;
  if (field_of(tag) == 0) return refuse(RejectCause::kSyntax, at_, "a field of number 0");
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
      return refuse(RejectCause::kSyntax, at_, "the end of a group that did not begin");
  }
  return refuse(RejectCause::kSyntax, at_, "a wire type above 5");
}

// Without recursion: the sender chooses the depth.
bool WireReader::skip_group(std::uint32_t tag) noexcept {
  std::array<std::uint32_t, kMaxGroupDepth> open{};  // field numbers of the groups we are in
  std::size_t depth = 0;
  open[depth++] = field_of(tag);
  while (depth > 0) {
    if (at_end()) {
      return refuse(RejectCause::kTruncated, at_, "the end within a group, expected its end-tag");
    }
    if (!read_tag(tag)) return false;
    const std::uint32_t field = field_of(tag);
    if (type_of(tag) == WireType::kGroupEnd && field == open[depth - 1]) {
      --depth;
    } else if (type_of(tag) != WireType::kGroup || field == 0) {
      if (!skip_plain(tag)) return false;
    } else if (depth == kMaxGroupDepth) {
      return refuse(RejectCause::kSyntax, at_, "groups nested deeper than 16");
    } else {
      open[depth++] = field;
    }
  }
  return true;
}

}  // namespace tocsin::riemann
