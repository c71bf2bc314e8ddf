#include "src/rules/grok/subject.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "src/event/utf8.hpp"

namespace tocsin::rules::grok {
namespace {

bool is_ascii_text(std::string_view text) {
  std::uint64_t seen = 0;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + i, 8);
    seen |= eight;
  }
  for (; i < text.size(); ++i) seen |= static_cast<unsigned char>(text[i]);
  return (seen & 0x8080'8080'8080'8080U) == 0;
}

// The bytes of the character that begins here; 0: none does.
std::size_t character_bytes(std::string_view text) {
  for (std::size_t size = 1; size <= std::min<std::size_t>(4, text.size()); ++size) {
    if (event::is_utf8(text.substr(0, size))) return size;
  }
  return 0;
}

}  // namespace

void Subject::assign(std::string_view text) {
  ascii_ = is_ascii_text(text);
  if (ascii_ || event::is_utf8(text)) {
    text_.assign(text);
    return;
  }
  text_.clear();
  while (!text.empty()) {
    const std::size_t size = character_bytes(text);
    text_ += size == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
}

}  // namespace tocsin::rules::grok
