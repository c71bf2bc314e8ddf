#include "src/rules/grok/place.hpp"

namespace tocsin::rules::grok {

std::string Place::text() const {
  return source + ":" + std::to_string(line) + ":" + std::to_string(column);
}

Place Place::after(std::string_view passed) const {
  Place place = *this;
  for (const char c : passed) {
    if (c == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++place.column;
    }
  }
  return place;
}

}  // namespace tocsin::rules::grok
