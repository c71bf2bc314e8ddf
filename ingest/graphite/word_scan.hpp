// Finds the end of a word and what stands in it, sixteen bytes at a time where the machine can.
// Input:   [begin, end); nothing outside it is read.
// Cost:    one load and four compares for every 16 bytes.
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <bit>

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

}  // namespace tocsin::graphite
