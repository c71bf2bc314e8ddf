// Names in collectd's packets are a handful of bytes long, and there are millions of them a second:
// what is done to each of them is done here without a call and without a loop over bytes.
// The words that cover a text overlap: of 11 bytes they are 0-7 and 3-10. Texts below 8 bytes are
// covered by two of 4 bytes, and those below 4 by their first, middle and last byte.
// Memory:  nothing outside of the text is read, and nothing outside of its copy is written.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "src/base/byte_order.hpp"

namespace tocsin::collectd {

// Whether eight bytes are all ASCII other than NUL: taking 1 from each sets the top bit of a byte
// that is 0, and of no other below 0x80.
[[nodiscard]] inline bool are_plain(std::uint64_t bytes) noexcept {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101u;
  constexpr std::uint64_t kTops = 0x8080'8080'8080'8080u;
  return (((bytes - kOnes) | bytes) & kTops) == 0;
}

// Whether `text` is ASCII without NUL.
[[nodiscard]] inline bool is_plain(std::string_view text) noexcept {
  const char* at = text.data();
  const std::size_t size = text.size();
  if (size >= 8) {
    const char* const last = at + size - 8;
    for (; at < last; at += 8) {
      if (!are_plain(base::load_little_endian<std::uint64_t>(at))) return false;
    }
    return are_plain(base::load_little_endian<std::uint64_t>(last));
  }
  if (size >= 4) {
    const std::uint64_t front = base::load_little_endian<std::uint32_t>(at);
    const std::uint64_t back = base::load_little_endian<std::uint32_t>(at + size - 4);
    return are_plain(back << 32 | front);
  }
  if (size == 0) return true;
  const auto byte = [&](std::size_t i) -> std::uint64_t {
    return static_cast<unsigned char>(at[i]);
  };
  return are_plain(0x0101'0101'0100'0000u | byte(0) << 16 | byte(size / 2) << 8 | byte(size - 1));
}

// Whether `size` bytes are the same.
[[nodiscard]] [[gnu::always_inline]] inline bool equal_short(const char* a, const char* b,
                                                             std::size_t size) noexcept {
  const auto same = [&]<class Word>(Word, std::size_t at) {
    return base::load_little_endian<Word>(a + at) == base::load_little_endian<Word>(b + at);
  };
  if (size >= 8) {
    const std::size_t last = size - 8;
    for (std::size_t at = 0; at < last; at += 8) {
      if (!same(std::uint64_t{}, at)) return false;
    }
    return same(std::uint64_t{}, last);
  }
  if (size >= 4) return same(std::uint32_t{}, 0) && same(std::uint32_t{}, size - 4);
  return size == 0 || (a[0] == b[0] && a[size / 2] == b[size / 2] && a[size - 1] == b[size - 1]);
}
[[nodiscard]] inline bool equal_short(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && equal_short(a.data(), b.data(), a.size());
}

// Copies `text` to `to`, where there is room for it; returns what is behind the copy.
[[gnu::always_inline]] inline char* copy_short(char* to, std::string_view text) noexcept {
  const char* const from = text.data();
  const std::size_t size = text.size();
  const auto copy_ends = [&]<std::size_t kBytes>(std::array<char, kBytes>) {
    std::memcpy(to, from, kBytes);
    std::memcpy(to + size - kBytes, from + size - kBytes, kBytes);
  };
  if (size >= 16) {
    if (size <= 32) {
      copy_ends(std::array<char, 16>());
    } else {
      std::memcpy(to, from, size);
    }
  } else if (size >= 8) {
    copy_ends(std::array<char, 8>());
  } else if (size >= 4) {
    copy_ends(std::array<char, 4>());
  } else if (size > 0) {
    to[0] = from[0];
    to[size / 2] = from[size / 2];
    to[size - 1] = from[size - 1];
  }
  return to + size;
}

// A number made of the length and of up to eight bytes at either end, for small tables of names
// that nobody chooses against us.
[[nodiscard]] inline std::uint64_t hash_ends(std::string_view text) noexcept {
  const char* const from = text.data();
  const std::size_t size = text.size();
  std::uint64_t front = 0;
  std::uint64_t back = 0;
  if (size >= 8) {
    front = base::load_little_endian<std::uint64_t>(from);
    back = base::load_little_endian<std::uint64_t>(from + size - 8);
  } else if (size >= 4) {
    front = base::load_little_endian<std::uint32_t>(from);
    back = base::load_little_endian<std::uint32_t>(from + size - 4);
  } else if (size > 0) {
    const auto byte = [&](std::size_t at) -> std::uint64_t {
      return static_cast<unsigned char>(from[at]);
    };
    front = byte(0) << 8 | byte(size / 2);
    back = byte(size - 1);
  }
  // Both halves of the product, so that each bit of either word reaches the low bits.
  __extension__ using Wide = unsigned __int128;
  const Wide product =
      Wide{front ^ 0x9e37'79b9'7f4a'7c15u * (size + 1)} * (back ^ 0xd6e8'feb8'6659'fd93u);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace tocsin::collectd
