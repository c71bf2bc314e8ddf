#include "src/rules/grok/explain/stop.hpp"

#include <algorithm>

namespace tocsin::rules::grok::explain {
namespace {

constexpr std::size_t kMostFoundBytes = 24;

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

}  // namespace

std::string show_found(std::string_view line, std::size_t offset) {
  if (offset >= line.size()) return "the end of the line";
  std::size_t end = std::min(offset + kMostFoundBytes, line.size());
  while (end < line.size() && continues_character(line[end])) ++end;
  std::string text = "'" + std::string(line.substr(offset, end - offset));
  return text + (end < line.size() ? "...'" : "'");
}

bool is_nearer(const Stop& a, const Stop& b) {
  return a.passed != b.passed ? a.passed > b.passed : a.offset > b.offset;
}

std::string to_string(const Stop& stop) {
  std::string text = "at byte " + std::to_string(stop.offset) + " expected " + stop.expected;
  if (!stop.within.empty()) {
    text += " in " + stop.within.front();
    if (stop.within_from < stop.offset) {
      text += ", which began at byte " + std::to_string(stop.within_from) + ",";
    }
    if (stop.within.size() > 1) text += " of " + stop.within.back();
  }
  if (text.back() != ',') text += ",";
  text += " found " + stop.found;
  if (!stop.searched_all) text += " (the search ended early)";
  return text;
}

}  // namespace tocsin::rules::grok::explain
