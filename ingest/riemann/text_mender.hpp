// TextMender: makes the texts of one record valid UTF-8.
// Nearly every text is ASCII and stays where it is; one with bytes that do not belong to well-formed
// UTF-8 is copied, with U+FFFD in their place.
// Memory:  one buffer, which grows to three times the longest record that had such a text.
// Threads: one per decoder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tocsin::riemann {

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
  // Whole words, then one that ends with the text: bytes seen twice do no harm.
  [[nodiscard]] static bool is_ascii(std::string_view text) noexcept {
    constexpr std::uint64_t kHighBits = 0x8080808080808080;
    const char* const begin = text.data();
    const std::size_t size = text.size();
    std::uint64_t seen = 0;
    if (size >= 8) {
      for (std::size_t at = 0; at < size - 8; at += 8) seen |= load<std::uint64_t>(begin + at);
      seen |= load<std::uint64_t>(begin + size - 8);
    } else if (size >= 4) {
      seen = load<std::uint32_t>(begin) | load<std::uint32_t>(begin + size - 4);
    } else if (size > 0) {
      seen = load<std::uint8_t>(begin) | load<std::uint8_t>(begin + size / 2) |
             load<std::uint8_t>(begin + size - 1);
    }
    return (seen & kHighBits) == 0;
  }

  template <class T>
  [[nodiscard]] static std::uint64_t load(const char* at) noexcept {
    T word;
    std::memcpy(&word, at, sizeof word);
    return word;
  }

  std::string_view mend_any(std::string_view text);

  std::size_t record_bytes_ = 0;
  std::string mended_;
};

}  // namespace tocsin::riemann
