#include "src/query/token.hpp"

#include <algorithm>

namespace tocsin::query {
namespace {

constexpr bool starts_character(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

}  // namespace

std::optional<Relation> relation_of(TokenKind kind) noexcept {
  switch (kind) {
    case TokenKind::kEqual:
      return Relation::kEqual;
    case TokenKind::kNotEqual:
      return Relation::kNotEqual;
    case TokenKind::kLess:
      return Relation::kLess;
    case TokenKind::kLessEqual:
      return Relation::kLessEqual;
    case TokenKind::kGreater:
      return Relation::kGreater;
    case TokenKind::kGreaterEqual:
      return Relation::kGreaterEqual;
    default:
      return std::nullopt;
  }
}

std::optional<Literal> literal_of(const Token& token) {
  switch (token.kind) {
    case TokenKind::kString:
      if (token.text.empty()) return std::make_optional<Literal>();
      return std::make_optional<Literal>(token.text);
    case TokenKind::kInteger:
      return std::make_optional<Literal>(token.integer);
    case TokenKind::kReal:
      return std::make_optional<Literal>(token.real);
    case TokenKind::kTrue:
      return std::make_optional<Literal>(true);
    case TokenKind::kFalse:
      return std::make_optional<Literal>(false);
    case TokenKind::kNil:
      return std::make_optional<Literal>();
    default:
      return std::nullopt;
  }
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t kMost = 40;
  std::size_t length = std::min(text.size(), kMost);
  while (length < text.size() && length > 0 && !starts_character(text[length])) --length;
  std::string shown(text.substr(0, length));
  std::ranges::replace_if(
      shown, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
  if (length < text.size()) shown += "...";
  return shown;
}

std::string describe(const Token& token) {
  if (token.kind == TokenKind::kEnd) return "the end";
  const std::string shown = excerpt(token.source);
  return token.kind == TokenKind::kString ? shown : "'" + shown + "'";
}

std::string position(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::ranges::count(before, '\n');
  const std::string_view line = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0
  const auto columns = std::ranges::count_if(line, starts_character);
  return std::to_string(lines + 1) + ":" + std::to_string(columns + 1);
}

}  // namespace tocsin::query
