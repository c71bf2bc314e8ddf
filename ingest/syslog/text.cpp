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
    // As signed numbers, bytes above ASCII are below ' ' too. The last look ends with the text.
    const auto plain = [](const char* block) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block));
      return _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(' ' - 1)),
                           _mm_cmplt_epi8(bytes, _mm_set1_epi8('~' + 1)));
    };
    __m128i all = plain(end - 16);
    for (; end - at >= 16; at += 16) all = _mm_and_si128(all, plain(at));
    return _mm_movemask_epi8(all) == 0xFFFF;
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
