// Finds the first of a few bytes in a range, sixteen at a time where the machine can.
// Input:   [begin, end); nothing outside it is read.
// Cost:    one load and one compare per wanted byte for every 16 bytes.
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <bit>

namespace tocsin::statsd {

#if defined(__SSE2__)
// Bit i is set when block[i] is one of kWanted.
template <char... kWanted>
[[nodiscard]] inline unsigned match_mask(const char* block) noexcept {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block));
  __m128i hits = _mm_setzero_si128();
  ((hits = _mm_or_si128(hits, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(kWanted)))), ...);
  return static_cast<unsigned>(_mm_movemask_epi8(hits));
}
#endif

// The first byte of [begin, end) that is one of kWanted, or `end`.
template <char... kWanted>
[[nodiscard]] inline const char* find_any(const char* begin, const char* end) noexcept {
  const char* at = begin;
#if defined(__SSE2__)
  for (; end - at >= 16; at += 16) {
    if (const unsigned mask = match_mask<kWanted...>(at); mask != 0) {
      return at + std::countr_zero(mask);
    }
  }
  // Fewer than 16 bytes remain. If the range is long enough, look at its last 16 and shift out
  // those that were already seen; short datagrams fall through to the plain loop.
  if (end - begin >= 16) {
    const auto seen = static_cast<unsigned>(16 - (end - at));
    const unsigned mask = match_mask<kWanted...>(end - 16) >> seen;
    return mask != 0 ? at + std::countr_zero(mask) : end;
  }
#endif
  while (at != end && ((*at != kWanted) && ...)) ++at;
  return at;
}

}  // namespace tocsin::statsd
