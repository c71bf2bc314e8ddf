// The machine with the shuffles and wide registers of AVX2, which nearly every x86-64 processor
// since 2013 has and Debian's baseline does not: this file is compiled for it (CMakeLists.txt), and
// is only entered where the processor says so.
#include <immintrin.h>

#include "src/rules/grok/engine/machine_body.hpp"

namespace tocsin::rules::grok::engine {
namespace {

struct Avx2Blocks {
  // A byte is in a set if the row of its low half has the bit of its high half. The end of a text
  // has no bit. Sixteen at a time: most runs are shorter.
  // Source: W. Mula, D. Lemire, "Faster Base64 Encoding and Decoding using AVX2" (2018), on lookups
  //         by halves of bytes.
  static std::uint32_t run_length(const std::uint8_t* at, const SetVector& set,
                                  std::uint32_t most) {
    const __m128i rows = _mm_load_si128(reinterpret_cast<const __m128i*>(set.rows.data()));
    const __m128i bits = _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
    for (std::uint32_t length = 0; length < most; length += 16) {
      const __m128i block = load(at + length);
      const __m128i high = _mm_and_si128(_mm_srli_epi16(block, 4), _mm_set1_epi8(15));
      const __m128i found =
          _mm_and_si128(_mm_shuffle_epi8(rows, block), _mm_shuffle_epi8(bits, high));
      const int stops = _mm_movemask_epi8(_mm_cmpeq_epi8(found, _mm_setzero_si128()));
      if (stops == 0) continue;
      length += first_bit(stops);
      return length < most ? length : most;
    }
    return most;
  }

  static std::uint32_t until(const std::uint8_t* at, std::uint8_t a, std::uint8_t b) {
    const __m256i one = _mm256_set1_epi8(static_cast<char>(a));
    const __m256i other = _mm256_set1_epi8(static_cast<char>(b));
    for (std::uint32_t length = 0;; length += 32) {
      const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + length));
      const __m256i found = _mm256_or_si256(
          _mm256_or_si256(_mm256_cmpeq_epi8(block, one), _mm256_cmpeq_epi8(block, other)),
          block);  // the end of a text has its sign bit set, all else has not
      const int stops = _mm256_movemask_epi8(found);
      if (stops != 0) return length + first_bit(stops);
    }
  }

  static std::uint32_t equal(const std::uint8_t* at, std::uint8_t byte) {
    const __m128i found = _mm_cmpeq_epi8(load(at), _mm_set1_epi8(static_cast<char>(byte)));
    return static_cast<std::uint32_t>(_mm_movemask_epi8(found));
  }

  static std::uint32_t same(const std::uint8_t* a, const std::uint8_t* b) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(load(a), load(b))));
  }

  static std::uint32_t digits(const std::uint8_t* at) {
    const __m128i value = _mm_sub_epi8(load(at), _mm_set1_epi8('0'));
    const __m128i found = _mm_cmpeq_epi8(_mm_min_epu8(value, _mm_set1_epi8(9)), value);
    return static_cast<std::uint32_t>(_mm_movemask_epi8(found));
  }

 private:
  static __m128i load(const std::uint8_t* at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  }
  static std::uint32_t first_bit(int mask) {
    return static_cast<std::uint32_t>(__builtin_ctz(static_cast<unsigned>(mask)));
  }
};

}  // namespace

RunFunction run_with_avx2;

Run run_with_avx2(const Tables& tables, std::uint32_t start, const PaddedText& text,
                  std::size_t from, std::span<std::size_t> groups, Workspace& workspace) {
  return run_with<Avx2Blocks>(tables, start, text, from, groups, workspace);
}

}  // namespace tocsin::rules::grok::engine
