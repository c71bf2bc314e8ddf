// For the fuzz targets of files that people write: an error's place lies inside the text.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <system_error>

namespace tocsin::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

struct LineColumn {
  int line = 0;
  int column = 0;
  friend auto operator<=>(const LineColumn&, const LineColumn&) = default;
};

// Takes "FILE:LINE:COLUMN" apart; aborts on anything else.
[[nodiscard]] inline LineColumn parse_place(std::string_view where, std::string_view file) {
  require(where.starts_with(file) && where.substr(file.size()).starts_with(':'));
  where.remove_prefix(file.size() + 1);
  LineColumn place;
  const char* const end = where.data() + where.size();
  const auto line = std::from_chars(where.data(), end, place.line);
  require(line.ec == std::errc{} && line.ptr != end && *line.ptr == ':');
  const auto column = std::from_chars(line.ptr + 1, end, place.column);
  require(column.ec == std::errc{} && column.ptr == end);
  return place;
}

// The line exists, and the column names one of its characters or the place right behind them.
inline void require_inside(LineColumn place, std::string_view text) {
  require(place.line >= 1 && place.column >= 1);
  for (int line = 1; line < place.line; ++line) {
    const auto end = text.find('\n');
    require(end != std::string_view::npos);
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  const auto starts_character = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  };
  require(place.column <= 1 + std::count_if(text.begin(), text.end(), starts_character));
}

// What is shown in a terminal must not steer it.
inline void require_printable(std::string_view text) {
  require(!text.empty());
  for (const char c : text) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
}

}  // namespace tocsin::fuzz
