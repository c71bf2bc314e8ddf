#include "src/settings/source_text.hpp"

#include <algorithm>
#include <string>

namespace tocsin::settings {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The length of the UTF-8 sequence at the front of `bytes`; 0 when there is none. Overlong forms,
// surrogates and code points above U+10FFFF are none (RFC 3629, section 4).
std::size_t utf8_length(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  }
  if (length == 0 || bytes.size() < length || at(1) < low || at(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((at(i) & 0xC0U) != 0x80U) return 0;
  }
  return length;
}

}  // namespace

std::size_t count_characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // not a continuation byte
  }));
}

SourceText::SourceText(std::string_view text) : text_(text) {
  if (text_.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text_.remove_prefix(kByteOrderMark.size());
  }
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
  }
}

std::size_t SourceText::offset(int line, int byte) const noexcept {
  const auto row = static_cast<std::size_t>(std::max(line, 0));
  if (row >= line_starts_.size()) return text_.size();
  const std::size_t end = row + 1 < line_starts_.size() ? line_starts_[row + 1] : text_.size();
  return std::min(line_starts_[row] + static_cast<std::size_t>(std::max(byte, 0)), end);
}

Position SourceText::position(std::size_t offset) const noexcept {
  offset = std::min(offset, text_.size());
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const std::size_t start = *(after - 1);
  return {static_cast<int>(after - line_starts_.begin()),
          static_cast<int>(count_characters(text_.substr(start, offset - start))) + 1};
}

bool SourceText::check(Complaints& complaints) const {
  if (text_.size() > kMaxBytes) {
    complaints.add(Errc::kLimit, {},
                   "found a file of " + std::to_string(text_.size()) + " bytes, expected at most " +
                       std::to_string(kMaxBytes));
    return false;
  }
  const auto refuse = [&](std::size_t at, const char* what) {
    complaints.add(Errc::kSyntax, position(at), what);
    return false;
  };
  bool indentation = true;
  std::size_t tab = std::string_view::npos;  // the first tab of this line's indentation
  for (std::size_t i = 0; i < text_.size();) {
    const auto byte = static_cast<unsigned char>(text_[i]);
    const std::size_t length = utf8_length(text_.substr(i));
    if (length == 0) return refuse(i, "found a byte that is not UTF-8, expected UTF-8 text");
    if (byte == '\r' && (i + 1 == text_.size() || text_[i + 1] != '\n')) {
      return refuse(i, "found a carriage return, expected lines that end in a line feed");
    }
    if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) {
      return refuse(i, "found a control character, expected text");
    }
    if (byte == '\n') {
      indentation = true;
      tab = std::string_view::npos;
    } else if (indentation && byte == '\t') {
      tab = std::min(tab, i);
    } else if (indentation && byte != ' ' && byte != '\r') {
      indentation = false;
      if (tab != std::string_view::npos && byte != '#') {
        return refuse(tab, "found a tab, expected spaces as indentation");
      }
    }
    i += length;
  }
  return true;
}

}  // namespace tocsin::settings
