// TextMender: makes the texts of one record valid UTF-8.
// Nearly every text is ASCII and stays where it is; one with bytes that do not belong to
// well-formed UTF-8 is copied, with U+FFFD in their place.
// Memory:  one buffer, which grows to three times the longest record that had such a text.
// Threads: one per decoder.
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "src/base/byte_order.hpp"

namespace tocsin::riemann {

// Whether all bytes are ASCII. The last look ends with them: bytes that are seen twice do no harm.
[[nodiscard]] inline bool is_ascii(std::string_view text) noexcept {
  const char* at = text.data();
  const std::size_t size = text.size();
#if defined(__SSE2__)
  if (size >= 16) {
    const auto load = [](const char* block) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(block));
    };
    const char* const last = at + size - 16;
    __m128i seen = load(last);
    for (; at < last; at += 16) seen = _mm_or_si128(seen, load(at));
    return _mm_movemask_epi8(seen) == 0;
  }
#endif
  using base::load_little_endian;
  std::uint64_t seen = 0;
  if (size >= 8) {
    for (std::size_t i = 0; i < size - 8; i += 8) seen |= load_little_endian<std::uint64_t>(at + i);
    seen |= load_little_endian<std::uint64_t>(at + size - 8);
  } else if (size >= 4) {
    seen = load_little_endian<std::uint32_t>(at) | load_little_endian<std::uint32_t>(at + size - 4);
  } else {
    for (std::size_t i = 0; i < size; ++i) seen |= static_cast<std::uint8_t>(at[i]);
  }
  return (seen & 0x8080808080808080) == 0;
}

class TextMender {
 public:
  // Ends the validity of what mend() returned before. The texts that follow are different parts of
  // a record of `record_bytes`.
  void begin_record(std::size_t record_bytes) noexcept {
    record_bytes_ = record_bytes;
    mended_.clear();
  }

  // Valid as long as `text` is, and until the next begin_record().
  [[nodiscard]] std::string_view mend(std::string_view text) {
    return is_ascii(text) ? text : mend_any(text);
  }

 private:
  std::string_view mend_any(std::string_view text);

  std::size_t record_bytes_ = 0;
  std::string mended_;
};

}  // namespace tocsin::riemann
