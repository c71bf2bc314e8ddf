// Received text, made valid UTF-8, into a buffer that is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/statsd/text.hpp"
#include "src/base/byte_order.hpp"

namespace tocsin::collectd {

[[nodiscard]] inline bool is_ascii(std::string_view text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  std::uint64_t bits = 0;
  for (; end - at >= 8; at += 8) bits |= base::load_little_endian<std::uint64_t>(at);
  for (; at != end; ++at) bits |= static_cast<unsigned char>(*at);
  return (bits & 0x8080'8080'8080'8080u) == 0;
}

// The front of `text`, at most `limit` bytes, not ending within a character.
[[nodiscard]] inline std::string_view cut_utf8(std::string_view text, std::size_t limit) noexcept {
  if (text.size() <= limit) return text;
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80) --end;
  return text.substr(0, end);
}

// Makes `out` the text with every byte that is not UTF-8 replaced by U+FFFD.
inline void assign_utf8(std::string& out, std::string_view text) {
  if (is_ascii(text)) {
    out.assign(text);
  } else {
    out = statsd::to_utf8(text);
  }
}

}  // namespace tocsin::collectd
