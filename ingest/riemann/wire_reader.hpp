// Reads the wire format of protocol buffers: the fields of one message, one after the other.
//
//   message := field*
//   field   := tag value        tag: a varint, field number << 3 | wire type
//   value   := varint           type 0: seven bits a byte, the lowest first; top bit: more follow
//            | 8 bytes          type 1: little-endian
//            | length bytes     type 2: the length is a varint
//            | field* end-tag   type 3: a group, until the tag of type 4 with the same number
//            | 4 bytes          type 5: little-endian
//
// Two messages one after the other are one message: a reader may stop before any field and another
// go on from there.
// Output:  texts view the message.
// Errors:  each read_* and skip() returns false, having said why, when the bytes hold no such
//          value; the reader is then of no more use.
// Cost:    no allocation; nothing is read outside of the message, whatever its lengths say.
// Source:  protobuf.dev, "Encoding". Deliberately strict: a number above 64 bits and a tag above 32
//          bits are refused, and not cut off.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "src/base/byte_order.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::riemann {

enum class WireType : std::uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kGroup = 3,
  kGroupEnd = 4,
  kFixed32 = 5,
};

[[nodiscard]] constexpr std::uint32_t wire_tag(std::uint32_t field, WireType type) noexcept {
  return field << 3 | static_cast<std::uint32_t>(type);
}

// Why a message, or a part of it, is refused. `at`: where in its bytes the fault was seen.
struct Refusal {
  RejectCause cause = RejectCause::kSyntax;
  const char* at = nullptr;
  std::string_view text;  // a constant
};

class WireReader {
 public:
  // `refusal` takes what is wrong, and outlives the reader. It stands apart so that the position
  // can live in registers.
  WireReader(std::string_view message, Refusal& refusal) noexcept
      : at_(message.data()), end_(message.data() + message.size()), refusal_(refusal) {}

  [[nodiscard]] bool at_end() const noexcept { return at_ == end_; }
  [[nodiscard]] const char* position() const noexcept { return at_; }

  // Any number of up to 32 bits: tags that cannot be are left to skip().
  [[nodiscard]] bool read_tag(std::uint32_t& tag) noexcept {
    const char* const begin = at_;
    std::uint64_t number = 0;
    if (!read_varint(number)) return false;
    if (number > UINT32_MAX) {
      refusal_ = {RejectCause::kSyntax, begin, "a field number above 2^29-1"};
      return false;
    }
    tag = static_cast<std::uint32_t>(number);
    return true;
  }

  [[nodiscard]] bool read_varint(std::uint64_t& value) noexcept {
    if (at_ != end_ && static_cast<std::uint8_t>(*at_) < 0x80) {
      value = static_cast<std::uint8_t>(*at_++);
      return true;
    }
    const Varint number = long_varint(at_, end_, refusal_);
    value = number.value;
    return move_to(number.next);
  }

  [[nodiscard]] bool read_fixed32(std::uint32_t& value) noexcept { return read_fixed(value); }
  [[nodiscard]] bool read_fixed64(std::uint64_t& value) noexcept { return read_fixed(value); }

  // A length and that many bytes.
  [[nodiscard]] bool read_bytes(std::string_view& bytes) noexcept {
    const char* const begin = at_;
    std::uint64_t length = 0;
    if (!read_varint(length)) return false;
    if (length > left()) {
      refusal_ = {RejectCause::kTruncated, begin,
                  "a length beyond the end, expected no more than the bytes that follow"};
      return false;
    }
    bytes = {at_, static_cast<std::size_t>(length)};
    at_ += length;
    return true;
  }

  // Skips the value that follows `tag`, whatever it is.
  [[nodiscard]] bool skip(std::uint32_t tag) noexcept {
    return move_to(after_value(tag, at_, end_, refusal_));
  }

 private:
  struct Varint {
    const char* next;  // null: refused
    std::uint64_t value;
  };

  [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }

  bool move_to(const char* next) noexcept {
    if (next == nullptr) return false;
    at_ = next;
    return true;
  }

  template <class T>
  bool read_fixed(T& value) noexcept {
    if (left() < sizeof(T)) {
      refuse_end(end_, refusal_);
      return false;
    }
    value = base::load_little_endian<T>(at_);
    at_ += sizeof(T);
    return true;
  }

  // The rarer half of read_varint, and what skip() does: functions of the bytes alone, null when
  // they refuse.
  static Varint long_varint(const char* at, const char* end, Refusal& refusal) noexcept;
  static const char* after_value(std::uint32_t tag, const char* at, const char* end,
                                 Refusal& refusal) noexcept;
  static void refuse_end(const char* end, Refusal& refusal) noexcept;
  bool skip_plain(std::uint32_t tag) noexcept;
  bool skip_group(std::uint32_t tag) noexcept;

  const char* at_;
  const char* const end_;
  Refusal& refusal_;
};

}  // namespace tocsin::riemann
