// UsualFields: takes the fields of a message as far as they stand where clients write them, and as:
// in the order of their numbers, with tags of one byte and lengths of one or two.
// Its user names every field in that order. A field then costs one comparison that is nearly always
// foreseen, where a loop over whatever comes would jump to anywhere; and nothing is ever refused,
// because what is unusual stays in rest(), for a WireReader.
// Output: texts view the message.
// Cost:   10 to 20 instructions a field. Inline throughout, so that all of it lives in registers.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/riemann/varint.hpp"
#include "src/base/byte_order.hpp"
#include "tocsin/event.hpp"

namespace tocsin::riemann {

// A number, and where its field begins; null: there was none.
template <class T>
struct FoundNumber {
  const char* at = nullptr;
  T value;  // left as it is where there was none: clearing all of an event's costs more than reading
};

class UsualFields {
 public:
  explicit UsualFields(std::string_view message) noexcept
      : rest_(message), is_short_(message.size() < sizeof(std::uint64_t)) {}

  // What was not taken.
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
  [[nodiscard]] const char* position() const noexcept { return rest_.data(); }

  // Each takes the next field if it has this tag, and says whether it did.
  [[gnu::always_inline]] bool take_bytes(std::uint32_t tag, std::string_view& bytes) noexcept {
    if (rest_.size() < 2 || byte(0) != tag) return false;
    const std::size_t size = byte(1);
    if (size >= 0x80) return take_more_bytes(bytes);
    if (size > rest_.size() - 2) return false;
    bytes = {rest_.data() + 2, size};
    rest_.remove_prefix(2 + size);
    return true;
  }

  // A message with 1 key and 2 value, both there, short, and nothing else.
  [[gnu::always_inline]] bool take_pair(std::uint32_t tag, AttributeView& pair) noexcept {
    constexpr std::uint8_t kKey = 0x0A;
    constexpr std::uint8_t kValue = 0x12;
    if (rest_.size() < 6 || byte(0) != tag || byte(2) != kKey) return false;
    const std::size_t size = byte(1);
    const std::size_t key_size = byte(3);
    if (size >= 0x80 || size > rest_.size() - 2 || key_size + 4 > size) return false;
    const std::size_t value_size = byte(5 + key_size);
    if (byte(4 + key_size) != kValue || key_size + 4 + value_size != size) return false;
    pair.key = {rest_.data() + 4, key_size};
    pair.value = {rest_.data() + 6 + key_size, value_size};
    rest_.remove_prefix(2 + size);
    return true;
  }

  [[gnu::always_inline]] bool take_varint(std::uint32_t tag,
                                          FoundNumber<std::uint64_t>& number) noexcept {
    std::uint64_t word = 0;
    const std::size_t size = find_varint(tag, word);
    if (size == 0) return false;
    number = {rest_.data(), varint_value(word, size)};
    rest_.remove_prefix(1 + size);
    return true;
  }
  // The same, but only says where the field begins.
  [[gnu::always_inline]] bool skip_varint(std::uint32_t tag, const char*& at) noexcept {
    std::uint64_t word = 0;
    const std::size_t size = find_varint(tag, word);
    if (size == 0) return false;
    at = rest_.data();
    rest_.remove_prefix(1 + size);
    return true;
  }

  template <class T>
  [[gnu::always_inline]] bool take_fixed(std::uint32_t tag, FoundNumber<T>& number) noexcept {
    if (rest_.size() < 1 + sizeof(T) || byte(0) != tag) return false;
    number = {rest_.data(), base::load_little_endian<T>(rest_.data() + 1)};
    rest_.remove_prefix(1 + sizeof(T));
    return true;
  }

 private:
  [[nodiscard]] std::uint8_t byte(std::size_t i) const noexcept {
    return static_cast<std::uint8_t>(rest_[i]);
  }

  // The size of the number in the next field, whose bytes `word` begins with; 0: not to be taken.
  [[gnu::always_inline]] std::size_t find_varint(std::uint32_t tag,
                                                 std::uint64_t& word) const noexcept {
    if (rest_.size() < 2 || byte(0) != tag) return 0;
    if (rest_.size() <= sizeof word && is_short_) return 0;
    word = load_front(rest_.substr(1));
    const std::size_t size = varint_size(word);
    return size < rest_.size() ? size : 0;
  }

  // The next field, whose length has a second byte.
  [[gnu::always_inline]] bool take_more_bytes(std::string_view& bytes) noexcept {
    if (rest_.size() < 3 || byte(2) >= 0x80) return false;
    const std::size_t size = std::size_t{byte(2)} * 0x80 + byte(1) - 0x80;
    if (size > rest_.size() - 3) return false;
    bytes = {rest_.data() + 3, size};
    rest_.remove_prefix(3 + size);
    return true;
  }

  // The first eight of `bytes`, the end of the message. Where there are fewer, zeros follow: what
  // is loaded then are the last eight of the message.
  [[nodiscard]] static std::uint64_t load_front(std::string_view bytes) noexcept {
    constexpr std::size_t kWord = sizeof(std::uint64_t);
    if (bytes.size() >= kWord) return base::load_little_endian<std::uint64_t>(bytes.data());
    const char* const last = bytes.data() + bytes.size() - kWord;
    return base::load_little_endian<std::uint64_t>(last) >> 8 * (kWord - bytes.size());
  }

  std::string_view rest_;
  const bool is_short_;  // no word fits into the message
};

}  // namespace tocsin::riemann
