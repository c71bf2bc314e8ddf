#include "src/rules/parse/text_change.hpp"

#include <algorithm>

namespace tocsin::rules::parse {
namespace {

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
}

}  // namespace

std::string_view transformed(std::string_view text, Transform how, TextArena& arena) {
  if (how == Transform::kNone || text.empty()) return text;
  char* const made = arena.allocate(text.size());
  std::transform(text.begin(), text.end(), made, how == Transform::kUppercase ? upper : lower);
  if (how == Transform::kCapitalize) made[0] = upper(made[0]);
  return {made, text.size()};
}

std::string_view trimmed(std::string_view text, std::string_view letters) noexcept {
  const std::size_t first = std::min(text.find_first_not_of(letters), text.size());
  const std::size_t last = text.find_last_not_of(letters);
  return text.substr(first, last == std::string_view::npos ? 0 : last + 1 - first);
}

std::string_view without(std::string_view text, std::string_view letters, TextArena& arena) {
  if (text.find_first_of(letters) == std::string_view::npos) return text;
  char* const made = arena.allocate(text.size());
  const auto is_out = [&](char c) { return letters.find(c) != std::string_view::npos; };
  char* const end = std::remove_copy_if(text.begin(), text.end(), made, is_out);
  return {made, static_cast<std::size_t>(end - made)};
}

}  // namespace tocsin::rules::parse
