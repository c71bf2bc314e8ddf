#include "src/rules/grok/token.hpp"

namespace tocsin::rules::grok {
namespace {

bool is_syntax_character(char c) {
  return (c >= 'A' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_semantic_character(char c) {
  return is_syntax_character(c) || c == '@' || c == ':' || c == '.' || c == '-';
}

template <class Accept>
std::size_t end_of_run(std::string_view text, std::size_t at, Accept accept) {
  while (at < text.size() && accept(text[at])) ++at;
  return at;
}

// The brace that ends a body beginning at `at`, or npos.
std::size_t end_of_definition(std::string_view text, std::size_t at) {
  int open = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '{') {
      ++open;
    } else if (text[at] == '}' && open-- == 0) {
      return at;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<Token> find_token(std::string_view text, std::size_t from) noexcept {
  for (std::size_t at = text.find("%{", from); at != std::string_view::npos;
       at = text.find("%{", at + 2)) {
    const std::size_t syntax = at + 2;
    const std::size_t syntax_end = end_of_run(text, syntax, is_syntax_character);
    if (syntax_end == syntax) continue;
    std::size_t name_end = syntax_end;
    if (name_end < text.size() && text[name_end] == ':') {
      const std::size_t semantic_end = end_of_run(text, name_end + 1, is_semantic_character);
      if (semantic_end > name_end + 1) name_end = semantic_end;
    }
    Token token;
    token.begin = at;
    token.syntax = text.substr(syntax, syntax_end - syntax);
    token.name = text.substr(syntax, name_end - syntax);
    std::size_t close = text.find('}', name_end);
    if (close == std::string_view::npos) return {};  // so none further on is closed either
    if (text[name_end] == '=') {
      close = end_of_definition(text, name_end + 1);
      if (close == std::string_view::npos) continue;
      token.definition = text.substr(name_end + 1, close - name_end - 1);
    }
    token.end = close + 1;
    return token;
  }
  return {};
}

}  // namespace tocsin::rules::grok
