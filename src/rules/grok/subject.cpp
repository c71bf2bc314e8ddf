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

// `text` with U+FFFD for each byte that belongs to no character.
void repair(std::string_view text, std::string& out) {
  out.clear();
  while (!text.empty()) {
    const std::size_t size = character_bytes(text);
    out += size == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
}

}  // namespace

void Subject::assign(std::string_view text) {
  view(text);
  if (text_.data() == copy_.data()) return;
  copy_.assign(text_);
  text_ = copy_;
}

void Subject::view(std::string_view text) {
  ascii_ = is_ascii_text(text);
  text_ = text;
  if (ascii_ || event::is_utf8(text)) return;
  repair(text, copy_);
  text_ = copy_;
}

}  // namespace tocsin::rules::grok
