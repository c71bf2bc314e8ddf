// Makes received text presentable: UTF-8 throughout, and no control characters in names.
// Input:   any bytes. NUL, CR, BEL and Latin-1 are normal in syslog.
// Cost:    is_plain() looks at sixteen bytes at a time; it is false for few messages, and only
//          those go through the rest.
// Source:  RFC 3629 for what is UTF-8; rsyslog's form of an escaped control character.
#pragma once

#include <cstddef>
#include <string_view>

namespace tocsin::syslog {

// Whether all bytes are printable ASCII: then there is nothing to clean.
[[nodiscard]] bool is_plain(std::string_view text) noexcept;

// In all of them, a byte that belongs to no UTF-8 character becomes U+FFFD.
enum class Cleaning : unsigned char {
  kText,         // keeps control characters
  kEscapedText,  // writes them as "#ooo", except LF and tab
  kName,         // makes U+FFFD of them
};

// A text that needs no change needs no room.
[[nodiscard]] bool is_clean(std::string_view text, Cleaning cleaning) noexcept;

// `text` may grow by this factor.
inline constexpr std::size_t kCleanedGrowth = 4;

// Writes the cleaned text to `out`, which has room, and returns the end of what was written.
[[nodiscard]] char* write_clean(std::string_view text, Cleaning cleaning, char* out) noexcept;

}  // namespace tocsin::syslog
