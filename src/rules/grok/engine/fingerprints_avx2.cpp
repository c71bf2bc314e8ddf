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

constexpr std::size_t kBlockBytes = 32;  // and two more are read: within the padding

// The tables of all places, in registers.
struct Registers {
  explicit Registers(const Fingerprints& fingerprints)
      : low{twice(fingerprints.low[0]), twice(fingerprints.low[1]), twice(fingerprints.low[2])},
        high{twice(fingerprints.high[0]), twice(fingerprints.high[1]),
             twice(fingerprints.high[2])} {}

  // The buckets that allow what begins at each of 32 places.
  [[nodiscard]] __m256i buckets_at(const std::uint8_t* block) const {
    return _mm256_and_si256(_mm256_and_si256(buckets_of(load(block), low[0], high[0]),
                                             buckets_of(load(block + 1), low[1], high[1])),
                            buckets_of(load(block + 2), low[2], high[2]));
  }

  __m256i low[Fingerprints::kPlaces];
  __m256i high[Fingerprints::kPlaces];
};

// At which of 32 places there is a bucket: one bit each.
unsigned places_of(__m256i buckets) {
  return ~static_cast<unsigned>(
      _mm256_movemask_epi8(_mm256_cmpeq_epi8(buckets, _mm256_setzero_si256())));
}

}  // namespace

FindFingerprint find_fingerprint_with_avx2;
FindFingerprints find_fingerprints_with_avx2;

FingerprintHit find_fingerprint_with_avx2(const Fingerprints& fingerprints, const PaddedText& text,
                                          std::size_t from) {
  const Registers registers(fingerprints);
  for (std::size_t at = from; at <= text.size(); at += kBlockBytes) {
    const __m256i found = registers.buckets_at(text.bytes() + at);
    const unsigned places = places_of(found);
    if (places == 0) continue;
    const auto first = static_cast<std::size_t>(__builtin_ctz(places));
    if (at + first > text.size()) break;
    alignas(32) std::uint8_t buckets[kBlockBytes];
    _mm256_store_si256(reinterpret_cast<__m256i*>(buckets), found);
    return {at + first, buckets[first]};
  }
  return {};
}

std::size_t find_fingerprints_with_avx2(const Fingerprints& fingerprints, const PaddedText& text,
                                        std::size_t from, std::span<std::uint32_t> places) {
  const Registers registers(fingerprints);
  std::uint32_t* const begin = places.data();
  const std::size_t room = places.size();
  std::size_t count = 0;
  for (std::size_t at = from; at <= text.size(); at += kBlockBytes) {
    unsigned here = places_of(registers.buckets_at(text.bytes() + at));
    for (; here != 0; here &= here - 1) {
      const std::size_t place = at + static_cast<std::size_t>(__builtin_ctz(here));
      if (place > text.size() || count == room) return count;
      begin[count++] = static_cast<std::uint32_t>(place);
    }
  }
  return count;
}

}  // namespace tocsin::rules::grok::engine
