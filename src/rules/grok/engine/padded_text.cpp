#include "src/rules/grok/engine/padded_text.hpp"

#include <algorithm>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "src/rules/grok/engine/byte_set.hpp"

namespace tocsin::rules::grok::engine {
namespace {

constexpr std::size_t kBlockBytes = 16;

// Copies `text` and says whether it is ASCII.
bool copy(std::string_view text, std::uint8_t* out) {
  const char* const from = text.data();
  std::uint8_t high = 0;
#if defined(__SSE2__)
  if (text.size() >= kBlockBytes) {
    __m128i seen = _mm_setzero_si128();
    const auto copy_block = [&](std::size_t at) {
      const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + at));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + at), block);
      seen = _mm_or_si128(seen, block);
    };
    for (std::size_t at = 0; at + kBlockBytes < text.size(); at += kBlockBytes) copy_block(at);
    copy_block(text.size() - kBlockBytes);  // may overlap the one before
    return _mm_movemask_epi8(seen) == 0;
  }
#endif
  for (std::size_t i = 0; i < text.size(); ++i) {
    out[i] = static_cast<std::uint8_t>(from[i]);
    high |= out[i];
  }
  return high < 0x80;
}

void pad(std::uint8_t* out) {
#if defined(__SSE2__)
  const __m128i ends = _mm_set1_epi8(static_cast<char>(kEndOfText));
  for (std::size_t at = 0; at < PaddedText::kPaddingBytes; at += kBlockBytes) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + at), ends);
  }
#else
  std::memset(out, kEndOfText, PaddedText::kPaddingBytes);
#endif
}

}  // namespace

bool PaddedText::assign(std::string_view text) {
  if (bytes_ == nullptr || capacity_ < text.size()) {
    capacity_ = std::max(text.size(), 2 * capacity_);
    bytes_.reset(new std::uint8_t[capacity_ + kPaddingBytes]);
  }
  size_ = text.size();
  const bool ascii = copy(text, bytes_.get());
  pad(bytes_.get() + size_);
  return ascii;
}

}  // namespace tocsin::rules::grok::engine
