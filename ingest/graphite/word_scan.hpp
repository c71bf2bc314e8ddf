// Finds the end of a word, what stands in it, and its dots, sixteen bytes at a time where the
// machine can.
// Input:   [begin, end); nothing outside it is read.
// Cost:    one load and four compares for every 16 bytes.
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tocsin::graphite {

struct Word {
  const char* end = nullptr;  // the first byte that is not above ' ', or the end of the range
  bool plain = true;          // no ';', no '{', ASCII only: no tags in it, and nothing to replace
};

[[nodiscard]] inline Word scan_word(const char* begin, const char* end) noexcept {
  Word word;
  const char* at = begin;
#if defined(__SSE2__)
  unsigned special = 0;
  for (; end - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(' ')), bytes);
    const __m128i marks = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(';')),
                                       _mm_cmpeq_epi8(bytes, _mm_set1_epi8('{')));
    const auto stops = static_cast<unsigned>(_mm_movemask_epi8(low));
    // The top bit of a byte is set for a mark and for what is not ASCII.
    const auto found = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(marks, bytes)));
    if (stops != 0) {
      const unsigned before = (stops & (0U - stops)) - 1;  // the bits below the first stop
      return {at + std::countr_zero(stops), (special | (found & before)) == 0};
    }
    special |= found;
  }
  word.plain = special == 0;
#endif
  for (; at != end && static_cast<unsigned char>(*at) > ' '; ++at) {
    if (*at == ';' || *at == '{' || static_cast<unsigned char>(*at) >= 0x80) word.plain = false;
  }
  word.end = at;
  return word;
}

// Writes the offsets of the first `limit` dots to `offsets`; returns how many there are, at most
// `limit`. Paths have some five of them in no regular distance: looking for one after the other
// costs a call and a mispredicted branch each.
[[nodiscard]] inline std::size_t find_dots(std::string_view text, std::size_t limit,
                                           std::uint32_t* offsets) noexcept {
  std::size_t count = 0;
  std::size_t at = 0;
#if defined(__SSE2__)
  for (; text.size() - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    auto dots = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('.'))));
    for (; dots != 0; dots &= dots - 1) {
      if (count == limit) return count;
      offsets[count++] =
          static_cast<std::uint32_t>(at) + static_cast<unsigned>(std::countr_zero(dots));
    }
  }
#endif
  for (; at != text.size(); ++at) {
    if (text[at] != '.') continue;
    if (count == limit) return count;
    offsets[count++] = static_cast<std::uint32_t>(at);
  }
  return count;
}

}  // namespace tocsin::graphite
