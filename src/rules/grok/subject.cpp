#include "src/rules/grok/subject.hpp"

#include <algorithm>
#include <cstddef>

#include "src/event/utf8.hpp"

namespace tocsin::rules::grok {
namespace {

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
  ascii_ = padded_.assign(text);
  text_ = text.data() == nullptr ? std::string_view("") : text;
  if (ascii_ || event::is_utf8(text)) return;
  repair(text, copy_);
  padded_.assign(copy_);
  text_ = copy_;
}

}  // namespace tocsin::rules::grok
