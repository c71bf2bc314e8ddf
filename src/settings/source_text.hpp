// The bytes of a YAML file, checked before any parser sees them, and addressable by position.
// Threads: a plain value; views the caller's text.
// Cost:    one pass at construction.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "src/settings/complaints.hpp"

namespace tocsin::settings {

class SourceText {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

  // Views `text`, less a UTF-8 byte order mark, for as long as this lives.
  explicit SourceText(std::string_view text);

  [[nodiscard]] std::string_view text() const noexcept { return text_; }

  // The nearest offset that exists to a line and a byte in it, both counted from 0.
  [[nodiscard]] std::size_t offset(int line, int byte) const noexcept;
  [[nodiscard]] Position position(std::size_t offset) const noexcept;

  // Complains, once, about what would mislead the parser or the reader: too many bytes, bytes that
  // are not UTF-8, control characters, a carriage return alone, a tab in an indentation.
  [[nodiscard]] bool check(Complaints& complaints) const;

 private:
  std::string_view text_;
  std::vector<std::size_t> line_starts_;
};

// How many characters (code points) valid UTF-8 has.
[[nodiscard]] std::size_t count_characters(std::string_view text) noexcept;

}  // namespace tocsin::settings
