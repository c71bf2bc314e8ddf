// Sets of bytes, as regular expressions on ASCII use them.
#pragma once

#include <bitset>
#include <cstddef>

namespace tocsin::rules::grok::engine {

using ByteSet = std::bitset<256>;

// The end of a text counts as this byte: no line of ASCII holds it. So a set of what may come next
// also says whether the end may, and tables of bytes have an entry for it.
inline constexpr std::size_t kEndOfText = 0xFF;

[[nodiscard]] constexpr std::size_t index_of(char byte) {
  return static_cast<unsigned char>(byte);
}

// From `first` to `last`.
[[nodiscard]] inline ByteSet byte_range(char first, char last) {
  ByteSet set;
  for (std::size_t i = index_of(first); i <= index_of(last); ++i) set.set(i);
  return set;
}

[[nodiscard]] inline ByteSet ascii_bytes() {
  return byte_range('\0', '\x7F');
}

// What \w means, and what \b stands between.
[[nodiscard]] inline ByteSet word_bytes() {
  return byte_range('a', 'z') | byte_range('A', 'Z') | byte_range('0', '9') | byte_range('_', '_');
}

[[nodiscard]] inline bool is_subset(const ByteSet& part, const ByteSet& whole) {
  return (part & ~whole).none();
}

}  // namespace tocsin::rules::grok::engine
