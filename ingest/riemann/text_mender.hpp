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
  [[nodiscard]] static bool is_ascii(std::string_view text) noexcept {
    constexpr std::uint64_t kHighBits = 0x8080808080808080;
    const char* at = text.data();
    std::size_t left = text.size();
    std::uint64_t seen = 0;
    for (; left >= sizeof seen; left -= sizeof seen, at += sizeof seen) {
      std::uint64_t word = 0;
      std::memcpy(&word, at, sizeof word);
      seen |= word;
    }
    for (; left > 0; --left, ++at) seen |= static_cast<std::uint8_t>(*at);
    return (seen & kHighBits) == 0;
  }

  std::string_view mend_any(std::string_view text);

  std::size_t record_bytes_ = 0;
  std::string mended_;
};

}  // namespace tocsin::riemann
