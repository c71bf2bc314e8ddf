#include "src/event/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tocsin::event {
namespace {

// Length of the character at the front of `bytes` (not ASCII); 0 when it is none.
std::size_t character_length(std::string_view bytes) noexcept {
  const auto at = [bytes](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  const std::uint8_t lead = at(0);
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes.size() < length) return 0;
  // RFC 3629, section 4: the second byte excludes overlong forms, surrogates and the far end.
  const std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const std::uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (at(1) < low || at(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((at(i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

}  // namespace

bool is_utf8(std::string_view bytes) noexcept {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  while (!bytes.empty()) {
    if (bytes.size() >= sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data(), sizeof(word));
      if ((word & kHighBits) == 0) {
        bytes.remove_prefix(sizeof(word));
        continue;
      }
    }
    const bool ascii = static_cast<std::uint8_t>(bytes.front()) < 0x80;
    const std::size_t length = ascii ? 1 : character_length(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

}  // namespace tocsin::event
