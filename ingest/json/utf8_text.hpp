// Received text, made valid UTF-8, in a buffer that is kept.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "ingest/syslog/text.hpp"

namespace tocsin::json_lines {

class Utf8Text {
 public:
  // `text` itself when it is UTF-8; else with every byte that is not replaced by U+FFFD, valid
  // until the next call.
  [[nodiscard]] std::string_view of(std::string_view text) {
    constexpr syslog::Cleaning kCleaning = syslog::Cleaning::kText;
    if (syslog::is_plain(text) || syslog::is_clean(text, kCleaning)) return text;
    if (buffer_.size() < text.size() * syslog::kCleanedGrowth) {
      buffer_.resize(text.size() * syslog::kCleanedGrowth);
    }
    const char* const end = syslog::write_clean(text, kCleaning, buffer_.data());
    return {buffer_.data(), static_cast<std::size_t>(end - buffer_.data())};
  }

 private:
  std::vector<char> buffer_;
};

}  // namespace tocsin::json_lines
