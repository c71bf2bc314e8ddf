#include "ingest/syslog/text.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "ingest/statsd/text.hpp"

namespace tocsin::syslog {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Not zero when a byte of the word is below ' ' or above '~'. A carry or borrow into the next byte
// needs a byte that is itself a hit.
constexpr std::uint64_t not_plain(std::uint64_t word) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  return (word | (word + kOnes) | (word - kOnes * ' ')) & (kOnes * 0x80);
}

std::uint64_t load_word(const char* at) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

bool is_printable(char c) noexcept {
  return c >= ' ' && c <= '~';
}

bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < ' ' || c == '\x7F';
}

bool stays(char control, Cleaning cleaning) noexcept {
  if (cleaning == Cleaning::kText) return true;
  return cleaning == Cleaning::kEscapedText && (control == '\n' || control == '\t');
}

// How many bytes at the front of `text`, which is not empty, are one character that stays; 0: the
// first byte must be replaced.
std::size_t clean_length(std::string_view text, Cleaning cleaning) noexcept {
  if (is_printable(text.front())) return 1;
  if (is_control(text.front())) return stays(text.front(), cleaning) ? 1 : 0;
  return statsd::utf8_length(text);
}

}  // namespace

bool is_plain(std::string_view text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
#if defined(__SSE2__)
  if (text.size() >= 16) {
    // The least and the greatest byte, sixteen times. The last looks end with the text, and may see
    // bytes again.
    __m128i least = _mm_set1_epi8('~');
    __m128i greatest = _mm_set1_epi8(' ');
    const auto look = [&](const char* block) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block));
      least = _mm_min_epu8(least, bytes);
      greatest = _mm_max_epu8(greatest, bytes);
    };
    const char* const last = text.size() < 32 ? at : end - 32;
    for (; at < last; at += 32) {
      look(at);
      look(at + 16);
    }
    look(last);
    look(end - 16);
    const __m128i beyond = _mm_or_si128(_mm_subs_epu8(_mm_set1_epi8(' '), least),
                                        _mm_subs_epu8(greatest, _mm_set1_epi8('~')));
    return _mm_movemask_epi8(_mm_cmpeq_epi8(beyond, _mm_setzero_si128())) == 0xFFFF;
  }
#endif
  return std::all_of(at, end, is_printable);
}

bool is_clean(std::string_view text, Cleaning cleaning) noexcept {
  while (!text.empty()) {
    if (text.size() >= 8 && not_plain(load_word(text.data())) == 0) {
      text.remove_prefix(8);
      continue;
    }
    const std::size_t length = clean_length(text, cleaning);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

char* write_clean(std::string_view text, Cleaning cleaning, char* out) noexcept {
  while (!text.empty()) {
    if (text.size() >= 8 && not_plain(load_word(text.data())) == 0) {
      out = std::copy_n(text.data(), 8, out);
      text.remove_prefix(8);
      continue;
    }
    const std::size_t length = clean_length(text, cleaning);
    if (length != 0) {
      out = std::copy_n(text.data(), length, out);
      text.remove_prefix(length);
      continue;
    }
    const auto byte = static_cast<unsigned char>(text.front());
    if (cleaning == Cleaning::kEscapedText && is_control(text.front())) {
      *out++ = '#';
      for (const int shift : {6, 3, 0}) *out++ = static_cast<char>('0' + (byte >> shift & 7));
    } else {
      out = std::copy(kReplacement.begin(), kReplacement.end(), out);
    }
    text.remove_prefix(1);
  }
  return out;
}

}  // namespace tocsin::syslog
