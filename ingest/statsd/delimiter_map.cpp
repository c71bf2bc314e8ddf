#include "ingest/statsd/delimiter_map.hpp"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tocsin::statsd {
namespace {

#if defined(__x86_64__)
std::uint64_t join(int low, int high) noexcept {
  return static_cast<std::uint32_t>(low) | std::uint64_t{static_cast<std::uint32_t>(high)} << 32;
}

// Only this function is compiled for AVX2: nothing that others share can be.
__attribute__((target("avx2"))) void fill_with_avx2(const char* bytes, std::size_t count,
                                                    DelimiterMap::Block* blocks) {
  for (std::size_t i = 0; i < count; ++i, bytes += DelimiterMap::kBlock) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 32));
    const __m256i lf = _mm256_set1_epi8('\n');
    const __m256i bar = _mm256_set1_epi8('|');
    const __m256i colon = _mm256_set1_epi8(':');
    const __m256i low_ends = _mm256_cmpeq_epi8(low, lf);
    const __m256i high_ends = _mm256_cmpeq_epi8(high, lf);
    const __m256i low_bars = _mm256_or_si256(low_ends, _mm256_cmpeq_epi8(low, bar));
    const __m256i high_bars = _mm256_or_si256(high_ends, _mm256_cmpeq_epi8(high, bar));
    const __m256i low_all = _mm256_or_si256(low_bars, _mm256_cmpeq_epi8(low, colon));
    const __m256i high_all = _mm256_or_si256(high_bars, _mm256_cmpeq_epi8(high, colon));
    blocks[i].ends = join(_mm256_movemask_epi8(low_ends), _mm256_movemask_epi8(high_ends));
    blocks[i].bars = join(_mm256_movemask_epi8(low_bars), _mm256_movemask_epi8(high_bars));
    blocks[i].all = join(_mm256_movemask_epi8(low_all), _mm256_movemask_epi8(high_all));
  }
}
#endif

// Bit i is set when bytes[i] is kWanted, of 64.
template <char kWanted>
std::uint64_t mask_of(const char* bytes) noexcept {
  std::uint64_t mask = 0;
#if defined(__SSE2__)
  for (unsigned at = 0; at < DelimiterMap::kBlock; at += 16) {
    mask |= std::uint64_t{match_mask<kWanted>(bytes + at)} << at;
  }
#else
  for (unsigned i = 0; i < DelimiterMap::kBlock; ++i) {
    mask |= std::uint64_t{bytes[i] == kWanted} << i;
  }
#endif
  return mask;
}

}  // namespace

void DelimiterMap::fill_portably(const char* bytes, std::size_t count, Block* blocks) {
  for (std::size_t i = 0; i < count; ++i, bytes += kBlock) {
    blocks[i].ends = mask_of<'\n'>(bytes);
    blocks[i].bars = blocks[i].ends | mask_of<'|'>(bytes);
    blocks[i].all = blocks[i].bars | mask_of<':'>(bytes);
  }
}

DelimiterMap::FillFunction& DelimiterMap::best_fill() noexcept {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return fill_with_avx2;
#endif
  return fill_portably;
}

DelimiterMap::DelimiterMap() noexcept : fill_(&best_fill()) {}

void DelimiterMap::scan(const char* begin, const char* end) {
  begin_ = begin;
  const auto size = static_cast<std::size_t>(end - begin);
  const std::size_t whole = size / kBlock;
  // Also the block that the range ends in, which may be empty, and one behind it: from() reads two.
  if (blocks_.size() < whole + 2) blocks_.resize(whole + 2);
  fill_(begin, whole, blocks_.data());
  const std::size_t left = size % kBlock;
  std::array<char, kBlock> last{};
  std::memcpy(last.data(), begin + whole * kBlock, left);
  fill_(last.data(), 1, &blocks_[whole]);
  const std::uint64_t behind = ~std::uint64_t{0} << left;
  Block& block = blocks_[whole];
  block = {block.ends | behind, block.bars | behind, block.all | behind};
}

}  // namespace tocsin::statsd
