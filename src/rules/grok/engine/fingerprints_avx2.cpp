// As machine_avx2.cpp: compiled for AVX2, and entered only where the processor has it.
#include <immintrin.h>

#include "src/rules/grok/engine/fingerprints.hpp"

namespace tocsin::rules::grok::engine {
namespace {

__m256i load(const std::uint8_t* at) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

// The table in both halves of a register, as shuffles want it.
__m256i twice(const Fingerprints::Halves& table) {
  return _mm256_broadcastsi128_si256(
      _mm_load_si128(reinterpret_cast<const __m128i*>(table.data())));
}

// The buckets that allow each of 32 bytes.
__m256i buckets_of(__m256i bytes, __m256i low, __m256i high) {
  const __m256i half = _mm256_set1_epi8(15);
  const __m256i by_low = _mm256_shuffle_epi8(low, _mm256_and_si256(bytes, half));
  const __m256i by_high =
      _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half));
  return _mm256_and_si256(by_low, by_high);
}

}  // namespace

FindFingerprint find_fingerprint_with_avx2;

FingerprintHit find_fingerprint_with_avx2(const Fingerprints& fingerprints, const PaddedText& text,
                                          std::size_t from) {
  constexpr std::size_t kBlockBytes = 32;  // and two more are read: within the padding
  const __m256i low[3] = {twice(fingerprints.low[0]), twice(fingerprints.low[1]),
                          twice(fingerprints.low[2])};
  const __m256i high[3] = {twice(fingerprints.high[0]), twice(fingerprints.high[1]),
                           twice(fingerprints.high[2])};
  const std::uint8_t* const bytes = text.bytes();
  for (std::size_t at = from; at <= text.size(); at += kBlockBytes) {
    const std::uint8_t* const block = bytes + at;
    const __m256i found =
        _mm256_and_si256(_mm256_and_si256(buckets_of(load(block), low[0], high[0]),
                                          buckets_of(load(block + 1), low[1], high[1])),
                         buckets_of(load(block + 2), low[2], high[2]));
    const auto nowhere = static_cast<unsigned>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256())));
    if (nowhere == 0xFFFF'FFFF) continue;
    const auto first = static_cast<std::size_t>(__builtin_ctz(~nowhere));
    if (at + first > text.size()) break;
    alignas(32) std::uint8_t buckets[kBlockBytes];
    _mm256_store_si256(reinterpret_cast<__m256i*>(buckets), found);
    return {at + first, buckets[first]};
  }
  return {};
}

}  // namespace tocsin::rules::grok::engine
