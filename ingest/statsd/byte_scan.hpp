// Finds delimiters, sixteen bytes at a time where the machine can.
// find_any:  the first of a few in a range.
// LineScan:  all of a line at once. Fields differ in length, so a loop that looks for the next
//            delimiter is mispredicted on almost every line; one look at 64 bytes is not. And the
//            next line can be begun before this one is understood.
// Input:     [begin, end); nothing outside it is read.
// Cost:      one load and one compare per delimiter for every 16 bytes.
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

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

// Where the delimiters ':', '|' and LF stand in the line that begins at `line`: in its first 64
// bytes looked up when made, behind them when asked for.
class LineScan {
 public:
  LineScan(const char* line, const char* end) noexcept : line_(line), end_(end) {
    const auto left = static_cast<std::size_t>(end - line);
    if (left >= kBlock) [[likely]] {
      ends_ = mask_of<'\n'>(line, kBlock);
      colons_ = mask_of<':'>(line, kBlock);
      bars_ = mask_of<'|'>(line, kBlock);
    } else {
      // The range ends as if an LF followed.
      ends_ = mask_of<'\n'>(line, left) | std::uint64_t{1} << left;
      colons_ = mask_of<':'>(line, left);
      bars_ = mask_of<'|'>(line, left);
    }
  }

  // The line's LF, or the end of the range.
  [[nodiscard]] const char* line_end() const noexcept {
    if (ends_ != 0) [[likely]]
      return line_ + std::countr_zero(ends_);
    return find_any<'\n'>(line_ + kBlock, end_);
  }
  // The first ':' or '|' of the line, or its end.
  [[nodiscard]] const char* first_delimiter() const noexcept {
    const std::uint64_t any = colons_ | bars_ | ends_;
    if (any != 0) [[likely]]
      return line_ + std::countr_zero(any);
    return find_any<':', '|', '\n'>(line_ + kBlock, end_);
  }
  // The first '|' at or behind `at`, which is in the line, or the line's end.
  [[nodiscard]] const char* next_bar(const char* at) const noexcept {
    const auto offset = static_cast<std::size_t>(at - line_);
    if (offset < kBlock) [[likely]] {
      const std::uint64_t stops = (bars_ | ends_) >> offset;
      if (stops != 0) [[likely]]
        return at + std::countr_zero(stops);
    }
    return find_any<'|', '\n'>(std::max(at, line_ + kBlock), end_);
  }

 private:
  static constexpr std::size_t kBlock = 64;

  // Bit i is set when bytes[i] is kWanted; `size` is at most kBlock.
  template <char kWanted>
  static std::uint64_t mask_of(const char* bytes, std::size_t size) noexcept {
    std::uint64_t mask = 0;
#if defined(__SSE2__)
    if (size >= 16) [[likely]] {
      // The last of four looks end with the range; bytes that are seen twice set the same bit.
      const auto look = [&](std::size_t at) {
        mask |= std::uint64_t{match_mask<kWanted>(bytes + at)} << at;
      };
      look(0);
      look(std::min<std::size_t>(16, size - 16));
      look(std::min<std::size_t>(32, size - 16));
      look(std::min<std::size_t>(48, size - 16));
      return mask;
    }
#endif
    for (std::size_t i = 0; i < size; ++i) mask |= std::uint64_t{bytes[i] == kWanted} << i;
    return mask;
  }

  const char* line_;
  const char* end_;
  std::uint64_t ends_ = 0;  // bit i: the byte at line_ + i
  std::uint64_t colons_ = 0;
  std::uint64_t bars_ = 0;
};

}  // namespace tocsin::statsd
