#include "src/rules/grok/cursor.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::rules::grok {

void Cursor::skip(std::size_t bytes) {
  at_ = std::min(at_ + bytes, text_.size());
}

bool Cursor::take(std::string_view text) {
  if (!sees(text)) return false;
  at_ += text.size();
  return true;
}

char32_t Cursor::take_code_point() {
  const auto first = static_cast<unsigned char>(text_[at_++]);
  if (first < 0x80) return first;
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  char32_t code = first & (0x3F >> more);
  for (int i = 0; i < more && at_ < text_.size(); ++i) {
    code = code << 6 | (static_cast<unsigned char>(text_[at_++]) & 0x3F);
  }
  return code;
}

std::string_view Cursor::take_until(std::string_view end) {
  const std::size_t found = text_.find(end, at_);
  if (found == std::string_view::npos) return {};
  const std::string_view before = text_.substr(at_, found - at_);
  at_ = found + end.size();
  return before;
}

void Cursor::fail(std::size_t offset, std::string complaint) {
  at_ = text_.size();
  if (failed_) return;
  failed_ = true;
  failed_at_ = offset;
  complaint_ = std::move(complaint);
}

void Cursor::fail_unsupported(std::size_t offset, std::string complaint) {
  if (!failed_) code_ = Errc::kUnsupported;
  fail(offset, std::move(complaint));
}

}  // namespace tocsin::rules::grok
